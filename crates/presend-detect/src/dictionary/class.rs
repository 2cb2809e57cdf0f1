//! What the dictionary says of a word: classes, name grades and frequency, packed into 64 bits.

use std::fmt;

macro_rules! classes {
    ($($variant:ident, $about:literal;)*) => {
        /// What a word or phrase is listed as; one may be listed as several things.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Class {
            $(#[doc = $about] $variant,)*
        }

        impl Class {
            /// Every class.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }
    };
}

classes! {
    Ordinary, "A word that an English dictionary has in lower case.";
    WordAndName, "An ordinary word that is often somebody's name: Mark, Grace, Long.";
    Clinical, "A clinical word or abbreviation, or chat shorthand, that is no name.";
    Drug, "A drug, by its name or brand.";
    Eponym, "A name of a sign, test, disease or instrument: Parkinson, Wells, Foley.";
    EponymAmbiguous, "An eponym that is as well a common name, so an eponym beside its head word only.";
    Device, "A device, dressing or feed, or its brand.";
    Score, "A clinical score or scale.";
    Place, "A named place finer than a country.";
    PlaceLarge, "A place of more than 100,000 people.";
    Country, "A country.";
    Demographic, "A nationality, ethnicity, religion or language.";
    Profession, "An occupation or office.";
    StaffRole, "A role of somebody at work around the patient.";
    Kin, "A relation: mum, wife, carer.";
    PatientWord, "A word that stands for or introduces the patient.";
    TitleStaff, "A title that a member of staff bears.";
    TitleAny, "A title that says nothing about the role.";
    TitleKin, "A relation used as a title: Auntie Jean.";
    OrgHeadStrong, "The head word of an organisation's name that needs little else: Hospital, Surgery.";
    OrgHeadWeak, "A head word that makes an organisation only with more evidence: House, Court.";
    StreetType, "What a street is called by: Road, Close.";
    Building, "A block, farm or other building that an address names.";
    WardWord, "A word that a ward, bay or bed number follows.";
    UnitGeneric, "A unit that is no identifier on its own: AMU, resus.";
    WardName, "A name that wards bear.";
    Hospital, "A hospital, by its name or a short name that means nothing else.";
    HospitalShort, "A hospital's short name that means one in context only: after \"at\", \"from\", \"transfer to\".";
    Service, "A named service.";
    NationalBody, "A nationally known body, which is no identifier.";
    NotPerson, "A word or phrase that looks like a name in chat and is none: Teams, Costa, Bell's palsy.";
    Month, "A month.";
    Weekday, "A day of the week.";
    NumberWord, "A number in words.";
    PhraseStart, "The first word of some phrase; says nothing of the word itself.";
}

impl Class {
    const fn bit(self) -> u64 {
        1 << (Entry::CLASS_SHIFT + self as u32)
    }
}

/// A set of classes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ClassSet(u64);

impl ClassSet {
    /// The set of these classes.
    #[must_use]
    pub const fn of(classes: &[Class]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < classes.len() {
            bits |= classes[at].bit();
            at += 1;
        }
        Self(bits)
    }

    /// Whether any class is in both sets.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every class of this set is in the other.
    #[must_use]
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether the class is in the set.
    #[must_use]
    pub const fn has(self, class: Class) -> bool {
        self.0 & class.bit() != 0
    }

    /// The classes of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The classes in the set, in the order of [`Class::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Class> {
        Class::ALL.iter().copied().filter(move |&class| self.has(class))
    }
}

impl fmt::Debug for ClassSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// What the dictionary says of one word; nothing at all for a word it lacks.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Entry(u64);

impl Entry {
    const GIVEN_SHIFT: u32 = 0;
    const SURNAME_SHIFT: u32 = 2;
    const GRADE: u64 = 0b11;
    const ZIPF_SHIFT: u32 = 4;
    const ZIPF: u64 = 0x7f;
    const CLASS_SHIFT: u32 = 11;
    const CLASSES: u64 = ((1 << Class::ALL.len()) - 1) << Self::CLASS_SHIFT;
    /// In the phrase table: the words so far are a phrase.
    const WHOLE: u64 = 1 << 62;
    /// In the phrase table: some longer phrase starts with the words so far.
    const LONGER: u64 = 1 << 63;

    pub(super) const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// How common the word is as a given name: 3 common in the UK, 2 known, 1 rare, 0 none.
    #[must_use]
    pub const fn given(self) -> u8 {
        (self.0 >> Self::GIVEN_SHIFT & Self::GRADE) as u8
    }

    /// How common the word is as a surname: 3 common in the UK, 2 known, 1 rare, 0 none.
    #[must_use]
    pub const fn surname(self) -> u8 {
        (self.0 >> Self::SURNAME_SHIFT & Self::GRADE) as u8
    }

    /// The word's Zipf frequency in English in tenths (the log of its uses in a billion words): 77 for "the", 30 for a
    /// word met once in a million, 0 where it is too rare to count.
    #[must_use]
    pub const fn zipf_tenths(self) -> u8 {
        (self.0 >> Self::ZIPF_SHIFT & Self::ZIPF) as u8
    }

    /// Whether the word is listed as the class.
    #[must_use]
    pub const fn has(self, class: Class) -> bool {
        self.0 & class.bit() != 0
    }

    /// Whether the word is listed as any of the classes.
    #[must_use]
    pub const fn has_any(self, classes: ClassSet) -> bool {
        self.0 & classes.0 != 0
    }

    /// The classes the word is listed as.
    #[must_use]
    pub const fn classes(self) -> ClassSet {
        ClassSet(self.0 & Self::CLASSES)
    }

    /// Whether the dictionary knows the word by itself, and not only as the start of a phrase.
    #[must_use]
    pub const fn is_known(self) -> bool {
        self.0 & !Class::PhraseStart.bit() != 0
    }

    /// Whether the word is in an English dictionary and neither a name nor listed as anything else.
    pub(crate) const fn is_plain_word(self) -> bool {
        const PLAIN: ClassSet = ClassSet::of(&[Class::Ordinary, Class::PhraseStart, Class::Clinical]);
        self.has(Class::Ordinary)
            && self.given() == 0
            && self.surname() == 0
            && self.classes().is_within(PLAIN)
    }

    pub(super) const fn is_whole_phrase(self) -> bool {
        self.0 & Self::WHOLE != 0
    }

    pub(super) const fn starts_longer_phrase(self) -> bool {
        self.0 & Self::LONGER != 0
    }
}

#[cfg(feature = "dictionary-compiler")]
impl Entry {
    pub(super) const fn bits(self) -> u64 {
        self.0
    }

    pub(super) const fn add(&mut self, class: Class) {
        self.0 |= class.bit();
    }

    /// Sets the name grades; each above 3 counts as 3.
    pub(super) fn set_grades(&mut self, given: u8, surname: u8) {
        self.0 |=
            u64::from(given.min(3)) << Self::GIVEN_SHIFT | u64::from(surname.min(3)) << Self::SURNAME_SHIFT;
    }

    /// Sets the frequency; one above 127 counts as 127.
    pub(super) fn set_zipf_tenths(&mut self, tenths: u8) {
        self.0 |= (u64::from(tenths) & Self::ZIPF).max(if tenths > 127 { Self::ZIPF } else { 0 })
            << Self::ZIPF_SHIFT;
    }

    pub(super) const fn mark_whole_phrase(&mut self) {
        self.0 |= Self::WHOLE;
    }

    pub(super) const fn mark_starts_longer_phrase(&mut self) {
        self.0 |= Self::LONGER;
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("given", &self.given())
            .field("surname", &self.surname())
            .field("zipf_tenths", &self.zipf_tenths())
            .field("classes", &self.classes())
            .finish()
    }
}
