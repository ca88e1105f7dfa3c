use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What one comes to the office for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// 结婚登记.
    Marriage,
    /// 离婚登记申请.
    DivorceApplication,
    /// 发给离婚证.
    DivorceCertificate,
    /// 补领婚姻登记证.
    CertificateReissue,
}

impl Service {
    /// Every service with its word in paths, queries and stores.
    pub const WORDS: &[(&str, Self)] = &[
        ("marriage", Self::Marriage),
        ("divorce_application", Self::DivorceApplication),
        ("divorce_certificate", Self::DivorceCertificate),
        ("certificate_reissue", Self::CertificateReissue),
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Marriage => "marriage",
            Self::DivorceApplication => "divorce_application",
            Self::DivorceCertificate => "divorce_certificate",
            Self::CertificateReissue => "certificate_reissue",
        }
    }

    /// The service that a word names.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(name, _)| *name == word).map(|(_, service)| *service)
    }

    /// Its official name.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Marriage => "结婚登记",
            Self::DivorceApplication => "离婚登记申请",
            Self::DivorceCertificate => "发给离婚证",
            Self::CertificateReissue => "补领婚姻登记证",
        }
    }

    /// How many people come for it.
    #[must_use]
    pub fn parties(self) -> std::ops::RangeInclusive<usize> {
        match self {
            Self::CertificateReissue => 1..=2,
            _ => 2..=2,
        }
    }
}
