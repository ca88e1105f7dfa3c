use chrono::NaiveDate;
use shared::rules::{Applied, RuleSet, RulesError};

use super::Parts;

/// The dated parameters of this function, parsed once per instance.
#[derive(Debug)]
pub struct Rules(RuleSet);

impl Rules {
    /// The parameters that were built in.
    ///
    /// # Errors
    /// The file is faulty; a test keeps that from being built.
    pub fn embedded() -> Result<Self, RulesError> {
        RuleSet::parse("volunteer.toml", include_str!("../../rules/volunteer.toml")).map(Self)
    }

    /// A number as of a day.
    ///
    /// # Errors
    /// It has no value on that day, or isn't a number.
    pub fn number(&self, name: &str, on: NaiveDate) -> Result<u32, RulesError> {
        self.0.get(name, on)?.as_u32()
    }

    /// Whether something applies on a day: not before the first day of its rule.
    ///
    /// # Errors
    /// It isn't a flag.
    pub fn applies(&self, name: &str, on: NaiveDate) -> Result<bool, RulesError> {
        match self.0.get(name, on) {
            Err(RulesError::NotInForce { .. }) => Ok(false),
            applied => applied?.as_bool(),
        }
    }

    /// A parameter as of a day.
    ///
    /// # Errors
    /// It has no value on that day.
    pub fn get(&self, name: &str, on: NaiveDate) -> Result<Applied<'_>, RulesError> {
        self.0.get(name, on)
    }

    /// How many stars so many minutes make, and the minutes that the next one takes.
    ///
    /// # Errors
    /// The rule has no value on that day.
    pub fn stars(&self, minutes: i64, on: NaiveDate) -> Result<(u32, Option<i64>), RulesError> {
        let steps = self.0.get("star_hours", on)?.as_numbers()?;
        let reached = steps.iter().filter(|hours| minutes >= **hours * 60).count();
        let next = steps.get(reached).map(|hours| hours * 60);
        Ok((u32::try_from(reached).unwrap_or(u32::MAX), next))
    }

    /// When morning, afternoon and evening begin, and the evening ends.
    ///
    /// # Errors
    /// The rule has no value on that day, or not four hours.
    pub fn parts(&self, on: NaiveDate) -> Result<Parts, RulesError> {
        let applied = self.0.get("parts_of_the_day", on)?;
        let hours: Option<Vec<u32>> =
            applied.as_numbers()?.iter().map(|hour| u32::try_from(*hour).ok()).collect();
        let parts = hours.and_then(|hours| hours.try_into().ok()).map(Parts);
        parts.ok_or_else(|| RulesError::WrongKind {
            name: applied.name.to_owned(),
            unit: applied.unit,
            wanted: "four hours of a day",
        })
    }

    /// Every parameter in force on a day.
    pub fn in_force(&self, on: NaiveDate) -> impl Iterator<Item = Applied<'_>> {
        self.0.in_force(on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_embedded_file_is_sound_and_has_every_parameter_today() {
        let rules = Rules::embedded().unwrap();
        let today = day("2026-12-01");
        for name in [
            "minimum_age",
            "guardian_below_age",
            "certificate_fee",
            "check_in_early_minutes",
            "check_out_late_minutes",
            "code_tolerance_half_minutes",
            "offline_code_hours",
            "overtime_minutes_most",
            "dispute_days",
            "shift_hours_most",
            "shift_ahead_days_most",
            "close_after_days",
            "organisation_sees_days",
            "registrations_per_caller",
            "statistics_suppressed_below",
            "probes_per_caller",
            "probe_window_minutes",
        ] {
            assert!(rules.number(name, today).is_ok(), "{name}");
        }
        for name in ["risks_must_be_disclosed", "insurance_when_dangerous", "suited_to_the_volunteer"] {
            assert!(rules.applies(name, today).unwrap(), "{name}");
            assert!(!rules.applies(name, day("2017-11-30")).unwrap(), "{name}: before the regulations");
        }
        assert!(rules.parts(today).unwrap().0.is_sorted());
    }

    #[test]
    fn a_star_is_reached_with_its_last_minute() {
        let rules = Rules::embedded().unwrap();
        let stars = |minutes| rules.stars(minutes, day("2026-12-01")).unwrap();
        assert_eq!(stars(0), (0, Some(6_000)));
        assert_eq!(stars(5_999), (0, Some(6_000)));
        assert_eq!(stars(6_000), (1, Some(18_000)));
        assert_eq!(stars(90_000), (5, None));
        assert!(rules.stars(0, day("2012-10-22")).is_err(), "no star before the measures");
    }
}
