//! Numbers as callers send them.

use chrono::NaiveDate;

use super::{ResidentId, ResidentIdError};
use crate::{i18n::Text, input::Rejection, privacy::Keys};

impl ResidentId {
    /// Reads a number that somebody sent, of a person born by `today`.
    ///
    /// # Errors
    /// `id_number_invalid`, with everything that is wrong and never the number.
    pub fn read(text: &str, today: NaiveDate) -> Result<Self, Rejection> {
        Self::parse(text).and_then(|id| id.check_born_by(today).map(|()| id)).map_err(|error| {
            let mut found = Self::faults(text);
            if found.is_empty() {
                found.push(error);
            }
            invalid(&found)
        })
    }

    /// The blind index of the person: the same for the same number wherever it appears.
    #[must_use]
    pub fn person(&self, keys: &Keys) -> String {
        keys.blind_index("person", &format!("resident_id:{}", self.expose()))
    }
}

fn invalid(faults: &[ResidentIdError]) -> Rejection {
    let words = |fault: &ResidentIdError| match fault {
        ResidentIdError::Length => ("应为 18 位", "it has 18 characters"),
        ResidentIdError::Characters => {
            ("应为 17 位数字加一位数字或 X", "it has 17 digits and then a digit or X")
        }
        ResidentIdError::Region => ("地区码有误", "its region does not exist"),
        ResidentIdError::BirthDate => ("出生日期有误", "its date of birth is impossible"),
        ResidentIdError::Checksum => ("校验码不符", "its check character does not fit"),
    };
    let (zh, en): (Vec<_>, Vec<_>) = faults.iter().map(words).unzip();
    Rejection {
        code: "id_number_invalid",
        message: Text::of(
            format!("居民身份证号码无效:{}。", zh.join(";")),
            format!("This is no valid resident identity number: {}.", en.join("; ")),
        ),
    }
}
