use chrono::NaiveDate;
use serde::Serialize;
use shared::{
    i18n::{Lang, Text},
    rules::{Citation, RulesError},
};
use utoipa::ToSchema;

use super::{IdType, Rules, Service};

/// Something to bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Material {
    /// A stable code.
    pub code: String,
    /// 名称 · Its name.
    pub name: String,
    /// The law or notice that asks for it.
    pub source: String,
    /// Whether the list was compared with its source. `false`: ask the registry as well.
    pub verified: bool,
}

/// What people with these kinds of documents bring for a service on a day, each thing once.
///
/// # Errors
/// No list is in force on that day.
pub fn materials(
    rules: &Rules,
    (service, day, lang): (Service, NaiveDate, Lang),
    kinds: impl IntoIterator<Item = IdType>,
) -> Result<Vec<Material>, RulesError> {
    let mut all: Vec<Material> = Vec::new();
    for kind in kinds {
        let applied = rules.materials(&format!("materials.{}.{}", service.word(), kind.word()), day)?;
        let Citation { source, source_zh, verified, .. } = applied.cite();
        for code in applied.as_list()? {
            if all.iter().any(|material| material.code == *code) {
                continue;
            }
            all.push(Material {
                code: code.clone(),
                name: name(code).in_lang(lang).to_owned(),
                source: if lang == Lang::Zh { source_zh.clone() } else { source.clone() },
                verified,
            });
        }
    }
    Ok(all)
}

fn name(code: &str) -> Text {
    match code {
        "resident_identity_card" => Text::new("居民身份证", "Resident identity card"),
        "household_booklet" => Text::new("居民户口簿", "Household registration booklet"),
        "passport" => Text::new("有效护照", "Valid passport"),
        "identity_document" => Text::new("有效身份证件或通行证", "Valid identity or travel document"),
        "declaration_of_no_spouse_no_kinship" => Text::new(
            "本人无配偶以及与对方当事人没有直系血亲和三代以内旁系血亲关系的签字声明(现场签署)",
            "Signed declaration of having no spouse and of no close kinship (signed at the office)",
        ),
        "certificate_of_no_spouse" => Text::new(
            "经公证、认证的本人无配偶的证明",
            "Notarised and authenticated certificate of having no spouse",
        ),
        "joint_photographs" => Text::new("双方近期半身免冠合影照片", "Recent photographs of both together"),
        "single_photographs" => Text::new("各自近期半身免冠单人照片", "Recent photographs of each person"),
        "marriage_certificate" => Text::new("结婚证", "Marriage certificates"),
        "divorce_agreement" => Text::new("双方签署的离婚协议书", "Divorce agreement signed by both"),
        "divorce_application_receipt" => {
            Text::new("离婚登记申请受理回执单", "Receipt of the divorce application")
        }
        other => Text::of(other, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn codes(service: Service, on: &str) -> Vec<String> {
        let rules = Rules::embedded().unwrap();
        let list = materials(&rules, (service, day(on), Lang::Zh), [IdType::ResidentId]).unwrap();
        list.into_iter().map(|material| material.code).collect()
    }

    #[test]
    fn the_household_booklet_is_no_longer_asked_for_since_2025_05_10() {
        assert!(codes(Service::Marriage, "2025-05-09").contains(&"household_booklet".to_owned()));
        assert!(!codes(Service::Marriage, "2025-05-10").contains(&"household_booklet".to_owned()));
    }

    #[test]
    fn every_material_of_every_list_has_a_name_in_both_languages() {
        let rules = Rules::embedded().unwrap();
        for (_, service) in Service::WORDS {
            for (_, kind) in IdType::WORDS {
                for on in ["2025-05-09", "2026-12-01"] {
                    for material in materials(&rules, (*service, day(on), Lang::Zh), [*kind]).unwrap() {
                        assert_ne!(material.name, material.code);
                    }
                }
            }
        }
    }

    #[test]
    fn what_both_parties_bring_is_listed_once() {
        let rules = Rules::embedded().unwrap();
        let both = [IdType::ResidentId, IdType::Passport];
        let list = materials(&rules, (Service::Marriage, day("2026-12-01"), Lang::En), both).unwrap();
        let declarations = list.iter().filter(|m| m.code == "declaration_of_no_spouse_no_kinship").count();
        assert_eq!(declarations, 1);
        assert!(list.iter().any(|m| m.code == "passport"));
    }
}
