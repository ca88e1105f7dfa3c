//! Texts in the two languages of the service: Chinese first, English second.

use std::borrow::Cow;

use http::{HeaderMap, header};

/// A language in which the service answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Simplified Chinese, also for whoever names no language.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The language that `Accept-Language` (RFC 9110, 12.5.4) prefers among the two; Chinese on a tie.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map_or(Self::Zh, Self::from_accept_language)
    }

    fn from_accept_language(value: &str) -> Self {
        let mut zh = 0.0_f32;
        let mut en = 0.0_f32;
        for part in value.split(',').take(32) {
            let mut fields = part.split(';');
            let tag = fields.next().unwrap_or_default().trim();
            let quality = fields
                .find_map(|field| field.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.parse().unwrap_or(0.0));
            let primary = tag.split('-').next().unwrap_or_default();
            if primary.eq_ignore_ascii_case("zh") || primary == "*" {
                zh = zh.max(quality);
            } else if primary.eq_ignore_ascii_case("en") {
                en = en.max(quality);
            }
        }
        if en > zh { Self::En } else { Self::Zh }
    }

    /// The BCP 47 tag, as `Content-Language` carries it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

/// One text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Simplified Chinese.
    pub zh: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Text {
    /// A text known at compile time.
    #[must_use]
    pub const fn new(zh: &'static str, en: &'static str) -> Self {
        Self { zh: Cow::Borrowed(zh), en: Cow::Borrowed(en) }
    }

    /// A text made at run time.
    pub fn of(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: Cow::Owned(zh.into()), en: Cow::Owned(en.into()) }
    }

    /// The text in one language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_answers_whoever_names_no_language() {
        assert_eq!(Lang::of(&HeaderMap::new()), Lang::Zh);
        assert_eq!(Lang::from_accept_language("fr-FR, de;q=0.7"), Lang::Zh);
        assert_eq!(Lang::from_accept_language(""), Lang::Zh);
    }

    #[test]
    fn the_preferred_language_wins_whatever_the_order() {
        assert_eq!(Lang::from_accept_language("en-GB"), Lang::En);
        assert_eq!(Lang::from_accept_language("en;q=0.4, zh-CN;q=0.9"), Lang::Zh);
        assert_eq!(Lang::from_accept_language("zh;q=0.4, EN;q=0.9"), Lang::En);
        assert_eq!(Lang::from_accept_language("en;q=oops, *"), Lang::Zh);
    }
}
