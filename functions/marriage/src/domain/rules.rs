use chrono::NaiveDate;
use shared::rules::{Applied, RuleSet, RulesError};

/// The dated parameters of this function, parsed once per instance.
#[derive(Debug)]
pub struct Rules {
    appointments: RuleSet,
    materials: RuleSet,
}

impl Rules {
    /// The parameters that were built in.
    ///
    /// # Errors
    /// A file is faulty; a test keeps that from being built.
    pub fn embedded() -> Result<Self, RulesError> {
        Ok(Self {
            appointments: RuleSet::parse("appointments.toml", include_str!("../../rules/appointments.toml"))?,
            materials: RuleSet::parse("materials.toml", include_str!("../../rules/materials.toml"))?,
        })
    }

    /// A parameter of registration or appointments as of a day.
    ///
    /// # Errors
    /// It has no value on that day.
    pub fn get(&self, name: &str, on: NaiveDate) -> Result<Applied<'_>, RulesError> {
        self.appointments.get(name, on)
    }

    /// A number as of a day.
    ///
    /// # Errors
    /// It has no value on that day, or isn't a number.
    pub fn number(&self, name: &str, on: NaiveDate) -> Result<u32, RulesError> {
        self.get(name, on)?.as_u32()
    }

    /// Every parameter in force on a day.
    pub fn in_force(&self, on: NaiveDate) -> impl Iterator<Item = Applied<'_>> {
        self.appointments.in_force(on).chain(self.materials.in_force(on))
    }

    pub(super) fn materials(&self, name: &str, on: NaiveDate) -> Result<Applied<'_>, RulesError> {
        self.materials.get(name, on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_files_are_sound_and_have_every_parameter_today() {
        let rules = Rules::embedded().unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        for name in [
            "minimum_age_male",
            "minimum_age_female",
            "divorce_cooling_off_days",
            "divorce_certificate_days",
            "release_horizon_days",
            "cancel_ahead_days",
            "no_shows_until_suspension",
            "no_show_window_days",
            "suspension_days",
            "hold_minutes",
            "offer_minutes",
        ] {
            assert!(rules.number(name, day).is_ok(), "{name}");
        }
    }
}
