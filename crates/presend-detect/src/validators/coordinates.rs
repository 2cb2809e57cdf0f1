//! Places told by latitude and longitude or by three words.

use super::{Candidate, Verdict};

/// A latitude and a longitude in degrees with decimals. Less than one degree is rather a probability: "p 0.0412, 0.1234".
pub(crate) fn latitude_and_longitude(candidate: &Candidate<'_>) -> Verdict {
    let mut degrees = candidate
        .as_str()
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<f64>().unwrap_or(f64::MAX));
    let (Some(latitude), Some(longitude)) = (degrees.next(), degrees.next()) else { return Verdict::Reject };
    if (1.0..=90.0).contains(&latitude) && longitude <= 180.0 {
        Verdict::Valid("a latitude and a longitude")
    } else {
        Verdict::Reject
    }
}

/// A latitude and a longitude in degrees, minutes and perhaps seconds, with the points of the compass.
pub(crate) fn degrees_and_minutes(candidate: &Candidate<'_>) -> Verdict {
    let mut parts =
        candidate.as_str().split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
    if parts.next().is_some_and(|latitude: u32| latitude <= 90) {
        Verdict::Valid("a latitude and a longitude")
    } else {
        Verdict::Reject
    }
}

/// Three words after three slashes, as what3words writes a place; no path of a file.
pub(crate) fn three_words(candidate: &Candidate<'_>) -> Verdict {
    if candidate.before().ends_with("file:") || candidate.before().ends_with('/') {
        Verdict::Reject
    } else {
        Verdict::Valid("three words after three slashes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_lie_on_the_globe() {
        let judged = |text: &str| latitude_and_longitude(&Candidate { text, start: 0, end: text.len() });
        for text in ["53.41234, -2.15760", "51.5007,-0.1246", "-33.8568 151.2153"] {
            assert!(matches!(judged(text), Verdict::Valid(_)), "{text}");
        }
        for text in ["0.0412, 0.1234", "95.1234, 21.5678", "53.1234, 212.5678"] {
            assert_eq!(judged(text), Verdict::Reject, "{text}");
        }
    }
}
