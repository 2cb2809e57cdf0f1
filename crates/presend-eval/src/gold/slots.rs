use crate::rng::SplitMix64;

/// A kind of invented identifier that the marked format can ask for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// `{nhs}`: an NHS number of the never-issued 999 range, Modulus 11 valid, spaced 3-3-4.
    Nhs,
    /// `{nhsraw}`: the same with its digits together.
    NhsRaw,
    /// `{chi}`: a Scottish CHI number: a birth date as DDMMYY, three digits and a Modulus 11 check digit.
    Chi,
    /// `{hsc}`: a Northern Ireland Health and Care Number, from 320 to 399, Modulus 11 valid.
    Hsc,
    /// `{mrn}`: a hospital or practice number, in one of the shapes that UK record systems give.
    Mrn,
    /// `{gmc}`: a GMC reference number of seven digits.
    Gmc,
    /// `{nmc}`: an NMC PIN, such as 12A3456E: year, month letter from A to L, four digits, country letter.
    Nmc,
    /// `{nino}`: a National Insurance number with a prefix that HMRC allows and a suffix from A to D.
    Nino,
    /// `{mobile}`: a number of Ofcom's drama range 07700 900000 to 900999.
    Mobile,
    /// `{landline}`: a number of one of Ofcom's drama ranges for landlines.
    Landline,
    /// `{ubrn}`: an e-Referral unique booking reference number of twelve digits.
    Ubrn,
    /// `{card}`: a payment card number that begins as card schemes' test numbers do, Luhn valid.
    Card,
    /// `{sortcode}`: a sort code, such as 12-34-56.
    SortCode,
    /// `{account}`: a bank account number of eight digits.
    Account,
    /// `{iban}`: a British IBAN with a valid ISO 7064 mod 97 check.
    Iban,
}

/// Every slot with the name that stands for it between braces, in alphabetical order.
pub const SLOTS: &[(&str, Slot)] = &[
    ("account", Slot::Account),
    ("card", Slot::Card),
    ("chi", Slot::Chi),
    ("gmc", Slot::Gmc),
    ("hsc", Slot::Hsc),
    ("iban", Slot::Iban),
    ("landline", Slot::Landline),
    ("mobile", Slot::Mobile),
    ("mrn", Slot::Mrn),
    ("nhs", Slot::Nhs),
    ("nhsraw", Slot::NhsRaw),
    ("nino", Slot::Nino),
    ("nmc", Slot::Nmc),
    ("sortcode", Slot::SortCode),
    ("ubrn", Slot::Ubrn),
];

/// In these `#` stands for a digit and `@` for a capital letter.
const MRN_SHAPES: &[&str] = &[
    "@######",
    "@#######",
    "#######",
    "######",
    "00######",
    "########",
    "D######",
    "RX#######",
    "@@######",
    "R@@#######",
    "######@",
    "@##/#####",
    "###-###",
];
/// Record numbers avoid I and O, which read as digits.
const RECORD_LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";

/// HMRC's rules for prefixes (National Insurance Manual, NIM39110): the first letter is none of D F I Q U V, the
/// second none of D F I O Q U V, and seven pairs are not given out.
const NINO_FIRST: &[u8] = b"ABCEGHJKLMNOPRSTWXYZ";
const NINO_SECOND: &[u8] = b"ABCEGHJKLMNPRSTWXYZ";
const NINO_NOT_ISSUED: &[&str] = &["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"];
const NINO_LAYOUTS: &[&str] = &["#########", "## ## ## ## #", "## ###### #", "##-##-##-##-#", "## ## ## ###"];

const MOBILE_LAYOUTS: &[&str] = &[
    "0##########",
    "0#### ######",
    "0#### ### ###",
    "0####-###-###",
    "+44##########",
    "+44 #### ######",
    "+44 (0)#### ######",
    "0044 #### ######",
];

/// Ofcom's "Telephone numbers for use in TV and radio drama programmes": all but the last three digits and the
/// leading zero, with the layouts of each area's length.
const LANDLINES: &[(&str, &[&str])] = &[
    ("2079460", EIGHT_DIGIT_AREA),
    ("2896496", EIGHT_DIGIT_AREA),
    ("2920180", EIGHT_DIGIT_AREA),
    ("1134960", SEVEN_DIGIT_AREA),
    ("1144960", SEVEN_DIGIT_AREA),
    ("1154960", SEVEN_DIGIT_AREA),
    ("1164960", SEVEN_DIGIT_AREA),
    ("1174960", SEVEN_DIGIT_AREA),
    ("1214960", SEVEN_DIGIT_AREA),
    ("1314960", SEVEN_DIGIT_AREA),
    ("1414960", SEVEN_DIGIT_AREA),
    ("1514960", SEVEN_DIGIT_AREA),
    ("1614960", SEVEN_DIGIT_AREA),
    ("1914980", SEVEN_DIGIT_AREA),
    ("1632960", SIX_DIGIT_AREA),
];
const EIGHT_DIGIT_AREA: &[&str] =
    &["0## #### ####", "0##########", "(0##) #### ####", "0##-####-####", "+44 ## #### ####", "0## ########"];
const SEVEN_DIGIT_AREA: &[&str] =
    &["0### ### ####", "0##########", "(0###) ### ####", "0###-###-####", "+44 ### ### ####", "0### #######"];
const SIX_DIGIT_AREA: &[&str] =
    &["0#### ######", "0##########", "(0####) ######", "0####-######", "+44 #### ######", "0#### ### ###"];

/// The first six digits of the numbers that Visa, Mastercard and American Express set aside for tests, with the
/// layouts of each length.
const CARDS: &[(&str, &[&str])] = &[
    ("411111", SIXTEEN_DIGITS),
    ("424242", SIXTEEN_DIGITS),
    ("555555", SIXTEEN_DIGITS),
    ("222300", SIXTEEN_DIGITS),
    ("378282", FIFTEEN_DIGITS),
];
const SIXTEEN_DIGITS: &[&str] = &["#### #### #### ####", "################", "####-####-####-####"];
const FIFTEEN_DIGITS: &[&str] = &["#### ###### #####", "###############"];

const IBAN_BANKS: &[&str] = &["NWBK", "BARC", "LOYD", "MIDL", "ABBY"];
const IBAN_LAYOUTS: &[&str] = &["#### #### #### #### #### ##", "######################"];

const DAYS_OF_MONTHS: &[usize] = &[31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

impl Slot {
    /// The slot of that name, or `None` where there is none.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        SLOTS.iter().find(|(known, _)| *known == name).map(|&(_, slot)| slot)
    }

    /// An invented identifier of this kind.
    pub(crate) fn fill(self, rng: &mut SplitMix64) -> String {
        match self {
            Self::Nhs => lay_out(&nhs(rng), "### ### ####"),
            Self::NhsRaw => nhs(rng),
            Self::Chi => lay_out(&chi(rng), rng.pick(&["##########", "##########", "###### ####"])),
            Self::Hsc => {
                let number = with_modulus_11(|| {
                    let range = rng.below(80) + 320;
                    format!("{range}{}", digits(rng, 6))
                });
                lay_out(&number, rng.pick(&["### ### ####", "##########"]))
            }
            Self::Mrn => shaped(rng),
            Self::Gmc => format!("{}{}", rng.below(7) + 1, digits(rng, 6)),
            Self::Nmc => {
                let month = letter(rng, b"ABCDEFGHIJKL");
                let country = letter(rng, b"ENOSW");
                format!("{:02}{month}{}{country}", rng.below(25), digits(rng, 4))
            }
            Self::Nino => nino(rng),
            Self::Mobile => lay_out(&format!("7700900{}", digits(rng, 3)), rng.pick(MOBILE_LAYOUTS)),
            Self::Landline => {
                let (area, layouts) = choose(rng, LANDLINES);
                lay_out(&format!("{area}{}", digits(rng, 3)), rng.pick(layouts))
            }
            Self::Ubrn => lay_out(
                &format!("000{}", digits(rng, 9)),
                rng.pick(&["#### #### ####", "####-####-####", "############"]),
            ),
            Self::Card => card(rng),
            Self::SortCode => lay_out(&digits(rng, 6), "##-##-##"),
            Self::Account => digits(rng, 8),
            Self::Iban => iban(rng),
        }
    }
}

fn digits(rng: &mut SplitMix64, count: usize) -> String {
    (0..count).map(|_| digit_char(rng.below(10))).collect()
}

fn digit_char(digit: usize) -> char {
    char::from(b'0' + (digit % 10) as u8)
}

fn digit_value(c: char) -> usize {
    c.to_digit(10).unwrap_or(0) as usize
}

fn letter(rng: &mut SplitMix64, letters: &[u8]) -> char {
    letters.get(rng.below(letters.len())).map_or('A', |&b| char::from(b))
}

fn choose<T: Copy + Default>(rng: &mut SplitMix64, items: &[T]) -> T {
    items.get(rng.below(items.len())).copied().unwrap_or_default()
}

/// Puts the characters one after another in place of the layout's `#`.
fn lay_out(characters: &str, layout: &str) -> String {
    let mut next = characters.chars();
    layout.chars().filter_map(|c| if c == '#' { next.next() } else { Some(c) }).collect()
}

/// Nine digits from `draw` with their check digit; draws again where Modulus 11 would ask for a check digit of 10.
fn with_modulus_11(mut draw: impl FnMut() -> String) -> String {
    loop {
        let mut number = draw();
        let sum: usize = number.chars().zip((2..=10).rev()).map(|(c, weight)| digit_value(c) * weight).sum();
        let check = (11 - sum % 11) % 11;
        if check < 10 {
            number.push(digit_char(check));
            return number;
        }
    }
}

fn nhs(rng: &mut SplitMix64) -> String {
    with_modulus_11(|| format!("999{}", digits(rng, 6)))
}

fn chi(rng: &mut SplitMix64) -> String {
    with_modulus_11(|| {
        let month = rng.below(12);
        let days = DAYS_OF_MONTHS.get(month).copied().unwrap_or(28);
        format!("{:02}{:02}{:02}{}", rng.below(days) + 1, month + 1, rng.below(100), digits(rng, 3))
    })
}

fn shaped(rng: &mut SplitMix64) -> String {
    rng.pick(MRN_SHAPES)
        .chars()
        .map(|c| match c {
            '#' => digit_char(rng.below(10)),
            '@' => letter(rng, RECORD_LETTERS),
            other => other,
        })
        .collect()
}

fn nino(rng: &mut SplitMix64) -> String {
    let prefix = loop {
        let pair = format!("{}{}", letter(rng, NINO_FIRST), letter(rng, NINO_SECOND));
        if !NINO_NOT_ISSUED.contains(&pair.as_str()) {
            break pair;
        }
    };
    let number = format!("{prefix}{}{}", digits(rng, 6), letter(rng, b"ABCD"));
    let number = lay_out(&number, rng.pick(NINO_LAYOUTS));
    if rng.below(5) == 0 { number.to_lowercase() } else { number }
}

fn card(rng: &mut SplitMix64) -> String {
    let (prefix, layouts) = choose(rng, CARDS);
    let layout = rng.pick(layouts);
    let length = layout.matches('#').count();
    let mut number = format!("{prefix}{}", digits(rng, length.saturating_sub(prefix.len() + 1)));
    let sum: usize = number
        .chars()
        .rev()
        .zip([true, false].into_iter().cycle())
        .map(|(c, doubled)| {
            let value = digit_value(c) * if doubled { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    number.push(digit_char((10 - sum % 10) % 10));
    lay_out(&number, layout)
}

fn iban(rng: &mut SplitMix64) -> String {
    let account = format!("{}{}", rng.pick(IBAN_BANKS), digits(rng, 14));
    let remainder = format!("{account}GB00").chars().fold(0, |remainder, c| {
        let value = c.to_digit(36).unwrap_or(0) as usize;
        (remainder * if value > 9 { 100 } else { 10 } + value) % 97
    });
    let number = format!("GB{:02}{account}", 98 - remainder);
    lay_out(&number, rng.pick(IBAN_LAYOUTS))
}
