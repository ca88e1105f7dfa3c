use chrono::NaiveDate;
use shared::rules::{Applied, RuleSet, RulesError};

/// The dated parameters of this function, parsed once per instance.
#[derive(Debug)]
pub struct Rules(RuleSet);

impl Rules {
    /// The parameters that were built in.
    ///
    /// # Errors
    /// The file is faulty; a test keeps that from being built.
    pub fn embedded() -> Result<Self, RulesError> {
        RuleSet::parse("donation.toml", include_str!("../../rules/donation.toml")).map(Self)
    }

    /// A number as of a day.
    ///
    /// # Errors
    /// It has no value on that day, or isn't a number.
    pub fn number(&self, name: &str, on: NaiveDate) -> Result<u32, RulesError> {
        self.0.get(name, on)?.as_u32()
    }

    /// Every parameter in force on a day.
    pub fn in_force(&self, on: NaiveDate) -> impl Iterator<Item = Applied<'_>> {
        self.0.in_force(on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_is_sound_and_has_every_parameter_today() {
        let rules = Rules::embedded().unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        for name in ["point_stale_days", "reports_per_caller", "report_window_minutes"] {
            assert!(rules.number(name, day).is_ok(), "{name}");
        }
    }
}
