//! The language of the host's own answers.

use http::{HeaderMap, header};

/// A language that this application speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Chinese,
    English,
}

impl Language {
    /// The one that the caller prefers; Chinese when nothing says otherwise.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let (mut chinese, mut english, mut any) = (None, None, None);
        for range in headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok()) {
            for item in range.split(',') {
                let (tag, quality) = item.split_once(';').unwrap_or((item, ""));
                let quality =
                    quality.trim().strip_prefix("q=").and_then(|text| text.trim().parse::<f32>().ok());
                let quality = quality.unwrap_or(1.0);
                let slot =
                    match tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
                        "zh" => &mut chinese,
                        "en" => &mut english,
                        "*" => &mut any,
                        _ => continue,
                    };
                *slot = Some(slot.map_or(quality, |best: f32| best.max(quality)));
            }
        }
        let chinese = chinese.or(any).unwrap_or(0.0);
        if english.unwrap_or(0.0) > chinese { Self::English } else { Self::Chinese }
    }

    /// The value of `Content-Language`.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(accept: &str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
        Language::of(&headers)
    }

    #[test]
    fn chinese_is_spoken_unless_english_is_preferred() {
        assert_eq!(Language::of(&HeaderMap::new()), Language::Chinese);
        assert_eq!(of("en"), Language::English);
        assert_eq!(of("en-GB,en;q=0.9"), Language::English);
        assert_eq!(of("zh-CN,zh;q=0.9,en;q=0.8"), Language::Chinese);
        assert_eq!(of("en;q=0.5, zh;q=0.6"), Language::Chinese);
        assert_eq!(of("fr"), Language::Chinese);
        assert_eq!(of("*, en;q=0.5"), Language::Chinese);
        assert_eq!(of("fr, en;q=0.5"), Language::English);
        assert_eq!(of("en;q=0"), Language::Chinese);
    }
}
