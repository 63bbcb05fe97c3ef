//! Time zones by their names in the IANA database, which is in the binary.

use jiff::tz::TimeZone;
use protocol::limits::MAX_ZONE_NAME;

/// A zone by its name, in any case; none for what the database does not have.
pub(crate) fn known_zone(name: &str) -> Option<TimeZone> {
    // The length first: the database looks names up letter by letter.
    if name.is_empty() || name.len() > MAX_ZONE_NAME {
        return None;
    }
    TimeZone::get(name).ok().filter(|zone| !zone.is_unknown())
}

/// A zone's name as the database writes it; none for what it does not have.
pub(crate) fn zone_name(typed: &str) -> Option<String> {
    Some(known_zone(typed)?.iana_name()?.to_owned())
}

/// The names of all zones, in order.
pub(crate) fn zone_names() -> Vec<String> {
    let zones = jiff::tz::db().available();
    let mut names: Vec<String> = zones.map(|zone| zone.as_str().to_owned()).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_in_any_case_and_nothing_else_is() {
        assert_eq!(zone_name("asia/shanghai").as_deref(), Some("Asia/Shanghai"));
        assert_eq!(zone_name("UTC").as_deref(), Some("UTC"));
        let long = "Europe/".repeat(20);
        for no in [
            "",
            "Etc/Unknown",
            "Europe/Atlantis",
            "../etc/passwd",
            "Europe/Berlin\0",
            &long,
        ] {
            assert_eq!(zone_name(no), None, "{no}");
        }
        let names = zone_names();
        assert!(names.len() > 300 && names.is_sorted());
        assert!(
            names
                .iter()
                .all(|name| zone_name(name).as_ref() == Some(name))
        );
    }
}
