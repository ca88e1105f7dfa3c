use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::{
    input::Rejection,
    privacy::Keys,
    resident_id::{ResidentId, Sex},
};
use utoipa::ToSchema;

/// The kind of identity document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdType {
    /// 居民身份证.
    ResidentId,
    /// 护照.
    Passport,
    /// Travel permits of Hong Kong, Macao and Taiwan residents, and other documents.
    Other,
}

impl IdType {
    /// Every kind with its word.
    pub const WORDS: &[(&str, Self)] =
        &[("resident_id", Self::ResidentId), ("passport", Self::Passport), ("other", Self::Other)];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::Passport => "passport",
            Self::Other => "other",
        }
    }
}

/// Who somebody is. Has no `Debug`: numbers stay out of logs.
#[derive(Clone, PartialEq, Eq)]
pub enum Identity {
    /// By a resident identity number, which also says birth date and sex.
    Resident(ResidentId),
    /// By another document.
    Document {
        /// Passport or other.
        kind: IdType,
        /// The document's number: upper-case letters and digits.
        number: String,
    },
}

impl Identity {
    /// Parses the number of a document of a kind.
    ///
    /// # Errors
    /// `id_number_invalid`, with what is wrong.
    pub fn parse(kind: IdType, number: &str, today: NaiveDate) -> Result<Self, Rejection> {
        if kind == IdType::ResidentId {
            return ResidentId::read(number, today).map(Self::Resident);
        }
        let compact: String =
            number.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_uppercase()).collect();
        if (5..=20).contains(&compact.len()) && compact.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Ok(Self::Document { kind, number: compact });
        }
        Err(Rejection::new(
            "id_number_invalid",
            "证件号码应为 5 至 20 位字母或数字。",
            "A document number has 5 to 20 letters or digits.",
        ))
    }

    /// The kind of document.
    #[must_use]
    pub fn kind(&self) -> IdType {
        match self {
            Self::Resident(_) => IdType::ResidentId,
            Self::Document { kind, .. } => *kind,
        }
    }

    fn number(&self) -> &str {
        match self {
            Self::Resident(id) => id.expose(),
            Self::Document { number, .. } => number,
        }
    }
}

/// One person who comes to the office. Has no `Debug`: people stay out of logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Party {
    /// Name.
    pub name: String,
    /// Who it is.
    pub identity: Identity,
    /// Telephone.
    pub phone: String,
    /// Sex.
    pub sex: Sex,
    /// Birth date.
    pub birth_date: NaiveDate,
}

/// A party as it is sealed.
#[derive(Serialize, Deserialize)]
struct Sealed {
    name: String,
    id_type: IdType,
    id_number: String,
    phone: String,
    sex: Sex,
    birth_date: NaiveDate,
}

impl Party {
    /// The blind index of the person: the same for the same document wherever it appears.
    #[must_use]
    pub fn person(&self, keys: &Keys) -> String {
        keys.blind_index("person", &format!("{}:{}", self.identity.kind().word(), self.identity.number()))
    }

    /// The document's number in the clear, for the registrar's desk.
    #[must_use]
    pub fn expose_id_number(&self) -> &str {
        self.identity.number()
    }

    /// The parties as the bytes that get sealed.
    ///
    /// # Errors
    /// Never for parties that were parsed.
    pub fn to_bytes(parties: &[Self]) -> Result<Vec<u8>, serde_json::Error> {
        let sealed: Vec<Sealed> = parties
            .iter()
            .map(|party| Sealed {
                name: party.name.clone(),
                id_type: party.identity.kind(),
                id_number: party.identity.number().to_owned(),
                phone: party.phone.clone(),
                sex: party.sex,
                birth_date: party.birth_date,
            })
            .collect();
        serde_json::to_vec(&sealed)
    }

    /// The parties that were sealed.
    ///
    /// # Errors
    /// The bytes aren't what [`Party::to_bytes`] made; the message never quotes them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Vec<Self>, UnreadableParties> {
        let sealed: Vec<Sealed> = serde_json::from_slice(bytes).map_err(|_| UnreadableParties)?;
        sealed
            .into_iter()
            .map(|party| {
                let identity = match party.id_type {
                    IdType::ResidentId => Identity::Resident(
                        ResidentId::parse(&party.id_number).map_err(|_| UnreadableParties)?,
                    ),
                    kind => Identity::Document { kind, number: party.id_number },
                };
                Ok(Self {
                    name: party.name,
                    identity,
                    phone: party.phone,
                    sex: party.sex,
                    birth_date: party.birth_date,
                })
            })
            .collect()
    }
}

/// Opened parties aren't parties.
#[derive(Debug, thiserror::Error)]
#[error("opened parties are unreadable")]
pub struct UnreadableParties;
