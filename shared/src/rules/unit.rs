//! What the number of a parameter counts.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The unit of a parameter; it also says which kind of value fits (see each variant).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(utoipa::ToSchema)]
pub enum Unit {
    /// Full years, such as an age. Like every unit of number: a whole number from 0, or an array of them.
    Years,
    /// Calendar months.
    Months,
    /// Calendar days.
    Days,
    /// Hours.
    Hours,
    /// Minutes.
    Minutes,
    /// Hundredths of a yuan.
    Fen,
    /// Hundredths of a yuan for each person.
    FenPerPerson,
    /// Hundredths of a yuan for a household.
    FenPerHousehold,
    /// How many.
    Count,
    /// Hundredths.
    Percent,
    /// Thousandths.
    Permille,
    /// Metres.
    Metres,
    /// A boolean.
    Flag,
    /// A string that isn't empty.
    Text,
    /// An array of such strings, or of whole numbers from 0; not empty.
    List,
}

impl Unit {
    /// Every unit, in the order of the documentation.
    pub const ALL: [Self; 15] = [
        Self::Years,
        Self::Months,
        Self::Days,
        Self::Hours,
        Self::Minutes,
        Self::Fen,
        Self::FenPerPerson,
        Self::FenPerHousehold,
        Self::Count,
        Self::Percent,
        Self::Permille,
        Self::Metres,
        Self::Flag,
        Self::Text,
        Self::List,
    ];

    /// The unit as files and answers write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Years => "years",
            Self::Months => "months",
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Minutes => "minutes",
            Self::Fen => "fen",
            Self::FenPerPerson => "fen_per_person",
            Self::FenPerHousehold => "fen_per_household",
            Self::Count => "count",
            Self::Percent => "percent",
            Self::Permille => "permille",
            Self::Metres => "metres",
            Self::Flag => "flag",
            Self::Text => "text",
            Self::List => "list",
        }
    }

    /// The unit with this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == name)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
