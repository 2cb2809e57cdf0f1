use std::fmt;
use std::str::FromStr;

/// How directly a label leads to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Leads to one person by itself.
    Direct,
    /// Narrows down who the person is, and identifies in combination (a quasi-identifier).
    Quasi,
}

impl Kind {
    /// Both kinds.
    pub const ALL: &'static [Kind] = &[Kind::Direct, Kind::Quasi];

    /// The kind's name in files and output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Quasi => "quasi",
        }
    }
}

macro_rules! labels {
    ($($variant:ident, $name:literal, $kind:ident, $placeholder:literal, $about:literal;)*) => {
        /// What kind of identifier a span holds: the labels of the project's annotation guideline.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Label {
            $(#[doc = $about] $variant,)*
        }

        impl Label {
            /// Every label, in the order of the guideline.
            pub const ALL: &'static [Label] = &[$(Label::$variant),*];

            /// The label's name in files and output, such as `NHS_NUMBER`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Label::$variant => $name),* }
            }

            /// Whether the label identifies directly or only in combination.
            ///
            /// Two labels hold both kinds: a PERSON in a staff role counts as staff, and an outward postcode as quasi;
            /// this gives the kind of the label as a whole.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $(Label::$variant => Kind::$kind),* }
            }

            /// The words that stand for a redacted span, without brackets, such as `NHS NUMBER`.
            #[must_use]
            pub const fn placeholder(self) -> &'static str {
                match self { $(Label::$variant => $placeholder),* }
            }

            /// One line on what the label covers.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Label::$variant => $about),* }
            }
        }
    };
}

labels! {
    Person, "PERSON", Direct, "NAME", "A personal name: full, part, nickname, or initials standing for a name.";
    Username, "USERNAME", Direct, "USERNAME", "A handle or login.";
    NhsNumber, "NHS_NUMBER", Direct, "NHS NUMBER", "An NHS number of England, Wales or the Isle of Man.";
    ChiNumber, "CHI_NUMBER", Direct, "CHI NUMBER", "A Scottish Community Health Index number.";
    HscNumber, "HSC_NUMBER", Direct, "H&C NUMBER", "A Northern Ireland Health and Care Number.";
    NiNumber, "NI_NUMBER", Direct, "NI NUMBER", "A National Insurance number.";
    Mrn, "MRN", Direct, "RECORD NUMBER", "A hospital, unit, clinic or practice record number.";
    ProfessionalId, "PROFESSIONAL_ID", Direct, "REGISTRATION NUMBER", "A GMC, NMC, GPhC, HCPC, GDC registration or smartcard number.";
    Passport, "PASSPORT", Direct, "PASSPORT NUMBER", "A passport number.";
    DrivingLicence, "DRIVING_LICENCE", Direct, "DRIVING LICENCE", "A driving licence number.";
    VehicleRegistration, "VEHICLE_REGISTRATION", Direct, "VEHICLE REGISTRATION", "A vehicle registration mark.";
    PaymentCard, "PAYMENT_CARD", Direct, "CARD NUMBER", "A payment card number.";
    BankAccount, "BANK_ACCOUNT", Direct, "BANK DETAILS", "A sort code, account number or IBAN.";
    DeviceId, "DEVICE_ID", Direct, "DEVICE ID", "A serial number or UDI of an implant or device, a MAC address or an IMEI.";
    OtherId, "OTHER_ID", Direct, "REFERENCE", "Any other reference that leads to one person.";
    Phone, "PHONE", Direct, "PHONE", "A phone number, bleep or extension.";
    Email, "EMAIL", Direct, "EMAIL", "An e-mail address.";
    Url, "URL", Direct, "LINK", "A web address.";
    IpAddress, "IP_ADDRESS", Direct, "IP ADDRESS", "An IPv4 or IPv6 address.";
    Address, "ADDRESS", Direct, "ADDRESS", "A house number or name with its street, a flat or an estate block.";
    Postcode, "POSTCODE", Direct, "POSTCODE", "A full postcode, or an outward code used as a location.";
    DateOfBirth, "DATE_OF_BIRTH", Direct, "DATE OF BIRTH", "A date given as a birth date.";
    Place, "PLACE", Quasi, "PLACE", "A named place finer than a country.";
    Organisation, "ORGANISATION", Quasi, "ORGANISATION", "A named hospital, surgery, care home, school, employer or service.";
    WardBed, "WARD_BED", Quasi, "WARD/BED", "Where in a building the patient is: ward, bay, bed, room, theatre.";
    Date, "DATE", Quasi, "DATE", "Anything that fixes a calendar day or month.";
    Age, "AGE", Quasi, "AGE", "An age with its unit.";
    Profession, "PROFESSION", Quasi, "OCCUPATION", "The occupation or office of the patient or a relative.";
    Demographic, "DEMOGRAPHIC", Quasi, "BACKGROUND", "A nationality, ethnicity, religion or first language.";
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Label {
    /// Whether it is a number that a health service gives each of its patients: NHS, CHI or H&C.
    #[must_use]
    pub const fn is_health_number(self) -> bool {
        matches!(self, Self::NhsNumber | Self::ChiNumber | Self::HscNumber)
    }

    /// Whether it is a number that a patient is known by: a health number or that of a record.
    #[must_use]
    pub const fn is_patients_number(self) -> bool {
        self.is_health_number() || matches!(self, Self::Mrn)
    }
}

/// The error of [`Label::from_str`]: the word is no label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownLabel;

impl fmt::Display for UnknownLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a label; `presend labels` lists them")
    }
}

impl std::error::Error for UnknownLabel {}

impl FromStr for Label {
    type Err = UnknownLabel;

    fn from_str(name: &str) -> Result<Self, UnknownLabel> {
        Self::ALL.iter().copied().find(|label| label.name() == name).ok_or(UnknownLabel)
    }
}

/// Whose name a PERSON span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The patient, also a baby known by a parent's name.
    Patient,
    /// Family, carer, friend, neighbour or next of kin.
    Relative,
    /// Anyone in their working role.
    Staff,
    /// A public figure, or somebody whose part is stated to be none of the above.
    Other,
    /// The text does not say.
    Unknown,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Role] =
        &[Role::Patient, Role::Relative, Role::Staff, Role::Other, Role::Unknown];

    /// The role's name in files and output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Role::Patient => "patient",
            Role::Relative => "relative",
            Role::Staff => "staff",
            Role::Other => "other",
            Role::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The error of [`Role::from_str`]: the word is no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownRole;

impl fmt::Display for UnknownRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a role; the roles are patient, relative, staff, other and unknown")
    }
}

impl std::error::Error for UnknownRole {}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(name: &str) -> Result<Self, UnknownRole> {
        Self::ALL.iter().copied().find(|role| role.name() == name).ok_or(UnknownRole)
    }
}
