//! Opening hours as one line of text: a subset of OpenStreetMap's `opening_hours`, and the same in Chinese.
//!
//! # Design
//! The words of both languages become one list of [`Word`](words::Word)s first, so the rules are read once for both.
//! Every character keeps its place on the way, so a fault quotes what its author wrote.

use super::OpeningHours;
use crate::{i18n::Text, input::Rejection};

mod rules;
mod words;
mod write;

/// How much of a text a fault quotes, in characters.
const QUOTED: usize = 20;

/// Why a part of a text is refused.
#[derive(Clone, Copy, Debug)]
enum Reason {
    NotUnderstood,
    EndsBeforeItBegins,
    Overlap,
    TooManyStretches,
    TooManyDates,
    MakeUpDaysHaveNoHours,
    NothingSaid,
}

impl Reason {
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::NotUnderstood => ("开放时间中有无法识别的部分", "A part of the hours is not understood"),
            Self::EndsBeforeItBegins => ("结束应晚于开始", "The end has to come after the beginning"),
            Self::Overlap => ("同一天的时间段不能重叠", "The hours of a day must not overlap"),
            Self::TooManyStretches => ("一天至多 6 个时间段", "A day has at most 6 stretches of hours"),
            Self::TooManyDates => ("至多 60 个特殊日期", "There are at most 60 single days"),
            Self::MakeUpDaysHaveNoHours => (
                "调休上班日只能“按”某个星期几，或休息",
                "Make-up days can only be “as” a day of the week, or off",
            ),
            Self::NothingSaid => ("没有给出任何一天的开放时间", "The hours of no day are given"),
        }
    }
}

fn fault(reason: Reason, part: &[char]) -> Rejection {
    let (zh, en) = reason.texts();
    let part: String = part.iter().take(QUOTED).map(|c| if c.is_control() { ' ' } else { *c }).collect();
    let part = part.trim();
    Rejection {
        code: "hours", message: Text::of(format!("{zh}:“{part}”。"), format!("{en}: “{part}”."))
    }
}

impl OpeningHours {
    /// Reads rules separated by `;`, each overriding the ones before it for the days that it names.
    ///
    /// | What | OpenStreetMap | Chinese |
    /// |---|---|---|
    /// | days | `Mo-Fr`, `Fr-Mo`, `Mo,We` | `周一至周五`, `星期五到星期一`, `周一、三` |
    /// | Monday to Friday; Saturday and Sunday; all seven | `Mo-Fr`; `Sa,Su`; `Mo-Su` or nothing | `工作日`; `周末`; `每天`, `每日` |
    /// | statutory holidays | `PH` | `节假日`, `法定节假日` |
    /// | make-up working days (not in OpenStreetMap) | `MW as Mo`, `MW off` | `调休上班日 按 周一`, `调休上班日 休息` |
    /// | single days | `2026-12-31`, `2026-12-30-2027-01-02` | `2026-12-30至2027-01-02` |
    /// | hours | `09:00-11:30,13:30-17:00`, `00:00-24:00` | `9:00至11:30、13:30～17:00`, `全天` |
    /// | closed | `off`, `closed` | `休息`, `关闭` |
    /// | always, holidays too | `24/7` | `全年无休`, `全天候`, `24小时` |
    ///
    /// Unlike OpenStreetMap's, `Mo-Su` leaves statutory holidays as they are: closed where no rule says otherwise.
    ///
    /// # Errors
    /// `hours`, with the first part that can't be used.
    pub fn parse_text(text: &str) -> Result<Self, Rejection> {
        let characters: Vec<char> = text.chars().collect();
        let part = |from: usize| characters.get(from..).unwrap_or_default();
        let words = words::words(&characters).map_err(|at| fault(Reason::NotUnderstood, part(at)))?;
        let mut hours = Self::closed();
        for rule in words.split(|placed| placed.word == words::Word::Semicolon) {
            rules::apply(&mut hours, rule).map_err(|flaw| fault(flaw.reason, part(flaw.at)))?;
        }
        if hours.says_nothing() { Err(fault(Reason::NothingSaid, part(0))) } else { Ok(hours) }
    }

    /// The hours as [`Self::parse_text`] reads them, in OpenStreetMap's words. `MW`, which OpenStreetMap doesn't know,
    /// is left out where make-up days have Monday's hours.
    #[must_use]
    pub fn to_text(&self) -> String {
        write::text(self)
    }
}
