//! WhatsApp's exported chats: what the lines of `_chat.txt` and `WhatsApp Chat with ….txt` are.
//!
//! An export is read twice. A [`Survey`] goes over its headers and decides what only the whole file can tell: how its
//! dates are ordered, whether its clock has twelve hours, and who its members are. A [`Reader`] then gives the entries
//! one by one to a [`Sink`].
//!
//! # What is read
//!
//! | | |
//! | --- | --- |
//! | Android | `12/03/2024, 14:05 - Name: text`; with dots, dashes or no comma; `2:05 pm`, `2:05 p. m.`, `2:05 PM` after any kind of space |
//! | iOS | `[12/03/2024, 14:05:33] Name: text`, also in twelve hours, with U+200E before it; `3/12/14, 2:05:33 PM: Name: text` of before 2017 |
//! | dates | day first, month first or year first (the latter with four digits); years of two or four digits; digits 0 to 9 only |
//!
//! A line that starts with no such header continues the message before it; before the first header it is
//! [`Kind::Unparsed`]. So does a line whose header has another layout than the file's own, as where someone pasted
//! lines of another chat; a layout is the file's own if at least one header in twenty has it.
//!
//! # What cannot be told
//!
//! A message whose text looks exactly like a header of its own file cannot be told from a message of its own, and the
//! name of a sender ends at the first colon followed by a space. Both stay in the output byte for byte, but for what
//! is taken for a sender's name.

mod entry;
mod header;
pub(crate) mod marks;
pub(crate) mod notices;
mod reader;
mod survey;

pub(crate) use entry::slots;
pub use entry::{Entry, Kind};
pub use header::{DateOrder, Half, Stamp};
pub use notices::Slot;
pub use reader::{Reader, Sink};
pub use survey::{Clock, Survey};
