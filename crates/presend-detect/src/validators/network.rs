//! Addresses of network devices.

use std::net::Ipv6Addr;

use super::around;
use super::{Candidate, Verdict};

/// An IPv4 address: four numbers up to 255. Numbers of software versions look the same and are not.
pub(crate) fn ipv4(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let parts: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let fits = parts.len() == 4
        && parts.iter().all(|part| part.parse::<u16>().is_ok_and(|value| value < 256))
        && parts.iter().all(|part| part.len() == 1 || !part.starts_with('0'));
    let version = candidate.before().ends_with('v') || around::names_other_thing(candidate);
    if !fits || version || around::digits_touch_left(candidate) && candidate.before().ends_with('.') {
        return Verdict::Reject;
    }
    // A numbered paragraph or a version is made of small numbers; 0 and 224 to 255 begin no device's address.
    let first = parts.first().and_then(|part| part.parse::<u16>().ok()).unwrap_or(0);
    if first == 0 || first > 223 || parts.iter().all(|part| part.len() == 1) {
        Verdict::Doubtful("four numbers up to 255")
    } else {
        Verdict::Valid("four numbers up to 255, the first of them a network's")
    }
}

/// An IPv6 address.
pub(crate) fn ipv6(candidate: &Candidate<'_>) -> Verdict {
    match candidate.as_str().parse::<Ipv6Addr>() {
        Ok(address) if address.is_loopback() || address.is_unspecified() => Verdict::Reject,
        Ok(_) => Verdict::Valid("an IPv6 address by RFC 4291"),
        Err(_) => Verdict::Reject,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str, of: fn(&Candidate<'_>) -> Verdict) -> Verdict {
        of(&Candidate { text, start: 0, end: text.len() })
    }

    #[test]
    fn addresses() {
        assert!(matches!(judged("192.0.2.41", ipv4), Verdict::Valid(_)));
        assert!(matches!(judged("4.1.9.3", ipv4), Verdict::Doubtful(_)));
        assert_eq!(judged("192.0.2.410", ipv4), Verdict::Reject);
        assert_eq!(judged("192.0.02.41", ipv4), Verdict::Reject);
        let versioned = Candidate { text: "v4.2.0.11", start: 1, end: 9 };
        assert_eq!(ipv4(&versioned), Verdict::Reject);
        assert!(matches!(judged("2001:db8::44:7", ipv6), Verdict::Valid(_)));
        assert_eq!(judged("10:30:45", ipv6), Verdict::Reject);
        assert_eq!(judged("::1", ipv6), Verdict::Reject);
    }
}
