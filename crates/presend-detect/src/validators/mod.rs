//! Check digits and exact rules, one file an algorithm; detector files name them.

use crate::spec::{Candidate, Verdict};

mod age;
mod around;
mod bed;
mod calendar;
mod contact;
mod coordinates;
mod driving_licence;
mod gs1;
mod luhn;
mod mod37;
mod mod97;
mod modulus11;
mod network;
mod nino;
mod number_words;
mod phone;
mod plate;
mod postcode;
mod reference;
mod surroundings;
mod travel_document;

pub(crate) use age::{
    age_and_sex, age_below_name, age_by_person, age_decade, age_of_infant, age_of_newborn, age_of_pronoun,
    age_old, age_set_off, age_spoken, age_years, age_years_months, continues_count, counts_on, leaves_age,
};
pub(crate) use around::{leads_number, noun_distance, number_leads};
pub(crate) use bed::{bare_bed, bay_list, bed_list, numbered_place, unit_bed, ward_code};
pub(crate) use calendar::{
    birth_answer, birth_date, birth_stamp, birthday, date_range, day_and_month, day_month_misspelt,
    day_month_name, full_date, full_date_lookalike, holiday, misspelt_date, month_alone, old_date,
    ordinal_day, spoken_date,
};
pub(crate) use contact::{afar, bare_domain, discord_tag, handle, login, spoken_address, underscored};
pub(crate) use coordinates::{degrees_and_minutes, latitude_and_longitude, three_words};
pub(crate) use driving_licence::driver_number;
pub(crate) use gs1::udi;
pub(crate) use luhn::{imei, payment_card};
pub(crate) use mod37::{checked_donation_number, donation_number, prescription_id};
pub(crate) use mod97::iban;
pub(crate) use modulus11::{
    chi_number, chi_number_lookalike, chi_number_loose, chi_number_named, hsc_number, hsc_number_lookalike,
    hsc_number_loose, hsc_number_named, is_date_and_time, nhs_number, nhs_number_glued, nhs_number_lookalike,
    nhs_number_loose, nhs_number_miscounted,
};
pub(crate) use network::{ipv4, ipv6};
pub(crate) use nino::nino;
pub(crate) use phone::{
    desk_phone, extension, further_extension, international_phone, local_phone, north_american_phone,
    short_phone, spoken_extension, spoken_phone, uk_phone, uk_phone_lookalike, uk_phone_with_country,
    uk_phone_without_trunk,
};
pub(crate) use plate::{current, current_in_parts, dateless, northern_ireland, year_letter};
pub(crate) use postcode::{bare_outward_code, is_outward, outward_code, postcode};
pub(crate) use reference::{
    account_after_sort_code, bank_number, bare_code, bare_lettered_record, bare_record, bare_reference,
    day_number, device_shape, document_number, door_code, ending, incident_number, is_written_date,
    lettered_code, long_reference, mac_address, named_code, named_record, named_record_lookalike,
    named_shape, named_sort_code, number_ending, record_number, reference, serial_number, shaped_reference,
    short_reference, short_registration, short_serial, sort_code, specimen_number, starts_with_word,
    tag_in_parts, twelve_digits, unnamed_booking, work_reference,
};
pub(crate) use travel_document::machine_readable;
