//! Which column of a table holds what.

use std::fmt;

use presend_detect::NumberKind;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The given name.
    Given,
    /// The family name.
    Family,
    /// Both: `EKWUEME, Doris`, `EKWUEME Doris` or `Doris Ekwueme`.
    FullName,
    /// A middle name, or one the patient is known by.
    OtherName,
    /// A former family name or another that is used.
    OtherFamily,
    /// The date of birth.
    BirthDate,
    /// A number; a table may have several columns of one kind.
    Number(NumberKind),
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Given => "given name",
            Self::Family => "family name",
            Self::FullName => "full name",
            Self::OtherName => "other name",
            Self::OtherFamily => "other family name",
            Self::BirthDate => "date of birth",
            Self::Number(NumberKind::Nhs) => "NHS number",
            Self::Number(NumberKind::Chi) => "CHI number",
            Self::Number(NumberKind::Hsc) => "Health and Care Number",
            Self::Number(NumberKind::Mrn) => "record number",
            Self::Number(NumberKind::NationalInsurance) => "National Insurance number",
            Self::Number(NumberKind::Phone) => "phone number",
            Self::Number(NumberKind::Postcode) => "postcode",
            Self::Number(NumberKind::Other) => "other number",
        })
    }
}

/// Headers that are recognised, as they are compared: letters and digits in lower case.
const HEADERS: &[(Field, &[&str])] = &[
    (
        Field::Given,
        &[
            "given",
            "givenname",
            "givennames",
            "forename",
            "forenames",
            "forename1",
            "firstname",
            "firstnames",
            "firstforename",
            "first",
            "fname",
            "christianname",
        ],
    ),
    (Field::Family, &["family", "familyname", "surname", "surnames", "lastname", "last", "lname", "sname"]),
    (Field::FullName, &["name", "fullname", "displayname", "patient", "nametext"]),
    (
        Field::OtherName,
        &[
            "middlename",
            "middlenames",
            "middle",
            "secondname",
            "secondforename",
            "forename2",
            "forename3",
            "othernames",
            "othername",
            "othergivennames",
            "otherforenames",
            "preferredname",
            "preferredforename",
            "knownas",
            "alias",
            "nickname",
        ],
    ),
    (
        Field::OtherFamily,
        &[
            "maidenname",
            "previoussurname",
            "formersurname",
            "previousfamilyname",
            "birthsurname",
            "othersurname",
            "aliassurname",
        ],
    ),
    (
        Field::BirthDate,
        &["dob", "dateofbirth", "birthdate", "birthday", "born", "datebirth", "dobirth", "birthdatetime"],
    ),
    (Field::Number(NumberKind::Nhs), &["nhs", "nhsno", "nhsnumber", "nhsnum", "nhsid", "newnhsno", "nnn"]),
    (Field::Number(NumberKind::Chi), &["chi", "chino", "chinumber", "communityhealthindex"]),
    (
        Field::Number(NumberKind::Hsc),
        &[
            "hcn",
            "hsc",
            "hscn",
            "hscno",
            "hscnumber",
            "healthandcarenumber",
            "healthcarenumber",
            "hcnumber",
            "hcno",
        ],
    ),
    (
        Field::Number(NumberKind::Mrn),
        &[
            "mrn",
            "hospitalno",
            "hospitalnumber",
            "hospno",
            "hospnumber",
            "hospitalid",
            "hospid",
            "hospitalnum",
            "unitno",
            "unitnumber",
            "recordno",
            "recordnumber",
            "medicalrecordnumber",
            "patientid",
            "patientno",
            "patientnumber",
            "pid",
            "id",
            "districtno",
            "districtnumber",
            "casenotenumber",
            "casenoteno",
            "localid",
            "localpatientid",
            "localpatientidentifier",
            "rioid",
            "rionumber",
            "emisnumber",
            "emisno",
            "systmoneid",
            "pasid",
            "pasno",
            "pasnumber",
            "crn",
        ],
    ),
    (
        Field::Number(NumberKind::NationalInsurance),
        &["nino", "nationalinsurance", "nationalinsuranceno", "nationalinsurancenumber", "ninumber"],
    ),
    (
        Field::Number(NumberKind::Phone),
        &[
            "phone",
            "phoneno",
            "phonenumber",
            "phone1",
            "phone2",
            "telephone",
            "telephoneno",
            "telephonenumber",
            "tel",
            "telno",
            "mobile",
            "mobileno",
            "mobilenumber",
            "mobilephone",
            "mobilephonenumber",
            "mob",
            "homephone",
            "hometelephone",
            "homephonenumber",
            "hometel",
            "workphone",
            "landline",
            "contactnumber",
            "contactno",
        ],
    ),
    (
        Field::Number(NumberKind::Postcode),
        &["postcode", "postalcode", "pcode", "homepostcode", "currentpostcode", "zip"],
    ),
];

/// What may stand before a header that is recognised.
const PREFIXES: &[&str] =
    &["patients", "patient", "pat", "pt", "person", "client", "current", "demographics"];

fn normal(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn recognise(header: &str) -> Option<Field> {
    let find =
        |header: &str| HEADERS.iter().find(|(_, names)| names.contains(&header)).map(|&(field, _)| field);
    let header = normal(header);
    find(&header).or_else(|| PREFIXES.iter().find_map(|prefix| find(header.strip_prefix(prefix)?)))
}

/// Which columns of a table to read, by their headers.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    is_automatic: bool,
    given: Vec<(Field, String)>,
}

impl Columns {
    /// Recognises columns by common headers (`NHS Number`, `nhs_no`, `Forename`, `PatientSurname`, `DOB`, `MRN`, ...).
    #[must_use]
    pub fn automatic() -> Self {
        Self { is_automatic: true, given: Vec::new() }
    }

    /// Reads only columns that are given.
    #[must_use]
    pub fn only_given() -> Self {
        Self::default()
    }

    /// Says which column holds a field, by its header; case, spaces and punctuation make no difference.
    ///
    /// For the field, no other column is then recognised. Can be called again for another column of the same field.
    #[must_use]
    pub fn with(mut self, field: Field, header: &str) -> Self {
        self.given.push((field, normal(header)));
        self
    }

    /// What each column of a table holds, by its header; or the field of which a column was given and is not there.
    pub(super) fn plan<'h>(
        &self,
        headers: impl Iterator<Item = &'h str>,
    ) -> Result<Vec<Option<Field>>, Field> {
        let headers: Vec<&str> = headers.collect();
        let normals: Vec<String> = headers.iter().map(|header| normal(header)).collect();
        let mut plan = vec![None; headers.len()];
        for (field, header) in &self.given {
            let at = normals.iter().position(|other| other == header).ok_or(*field)?;
            if let Some(column) = plan.get_mut(at) {
                *column = Some(*field);
            }
        }
        if self.is_automatic {
            for (column, header) in plan.iter_mut().zip(headers) {
                if column.is_none() {
                    let found = recognise(header);
                    *column = found.filter(|field| self.given.iter().all(|(given, _)| given != field));
                }
            }
        }
        // Of the fields that a patient has one of, the first column counts; "patient" means a name only where none is apart.
        let mut seen = Vec::new();
        let has_names = plan.contains(&Some(Field::Family));
        for column in &mut plan {
            let Some(field) = *column else { continue };
            let is_single =
                matches!(field, Field::Given | Field::Family | Field::FullName | Field::BirthDate);
            let is_spare =
                field == Field::FullName && has_names && !self.given.iter().any(|&(given, _)| given == field);
            if is_single && seen.contains(&field) || is_spare {
                *column = None;
            }
            seen.push(field);
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(columns: &Columns, headers: &[&str]) -> Vec<Option<Field>> {
        columns.plan(headers.iter().copied()).expect("every column that was given")
    }

    #[test]
    fn common_headers_are_recognised() {
        let headers = [
            "NHS Number",
            "nhs_no",
            "Pt Surname",
            "FIRST_NAME",
            "patient.dob",
            "Hosp No.",
            "ward",
            "Mobile",
            "Post Code",
        ];
        let number = |kind| Some(Field::Number(kind));
        let wanted = [
            number(NumberKind::Nhs),
            number(NumberKind::Nhs),
            Some(Field::Family),
            Some(Field::Given),
            Some(Field::BirthDate),
            number(NumberKind::Mrn),
            None,
            number(NumberKind::Phone),
            number(NumberKind::Postcode),
        ];
        assert_eq!(plan(&Columns::automatic(), &headers), wanted);
    }

    #[test]
    fn a_full_name_counts_where_there_is_no_family_name() {
        assert_eq!(plan(&Columns::automatic(), &["Patient", "Surname"]), [None, Some(Field::Family)]);
        assert_eq!(
            plan(&Columns::automatic(), &["Patient Name", "dob"]),
            [Some(Field::FullName), Some(Field::BirthDate)]
        );
        assert_eq!(plan(&Columns::automatic(), &["surname", "last name"]), [Some(Field::Family), None]);
    }

    #[test]
    fn columns_that_are_given_come_first() {
        let columns = Columns::automatic().with(Field::Family, "Nachname");
        assert_eq!(
            plan(&columns, &["surname", "nachname", "dob"]),
            [None, Some(Field::Family), Some(Field::BirthDate)]
        );
        let columns = Columns::only_given().with(Field::Family, "surname");
        assert_eq!(plan(&columns, &["surname", "dob"]), [Some(Field::Family), None]);
        assert_eq!(columns.plan(["name"].into_iter()), Err(Field::Family));
    }

    #[test]
    fn every_header_is_written_as_it_is_compared_and_means_one_thing() {
        let mut seen = std::collections::HashSet::new();
        for header in HEADERS.iter().flat_map(|(_, headers)| headers.iter()) {
            assert_eq!(normal(header), *header);
            assert!(seen.insert(header), "{header} is there twice");
        }
    }
}
