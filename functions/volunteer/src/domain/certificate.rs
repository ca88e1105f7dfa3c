use serde::{Deserialize, Serialize};
use shared::{i18n::Text, input::word_of};
use utoipa::ToSchema;

/// 撤销理由 · Why a certificate was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RevocationReason {
    /// 记录更正 · The record was corrected since.
    RecordCorrected,
    /// 弄虚作假 · It was obtained by deceit.
    Fraud,
    /// 其他 · Something else.
    Other,
}

impl RevocationReason {
    /// Every reason with its word.
    pub const WORDS: &[(&str, Self)] =
        &[("record_corrected", Self::RecordCorrected), ("fraud", Self::Fraud), ("other", Self::Other)];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(Self::WORDS, &self)
    }
}

/// What a certificate says, in a sentence. `name` is what may be shown of the holder; nobody is named who withdrew. `only` is the
/// organisation, where there is just one.
#[must_use]
pub fn statement(
    (name, volunteer_no): (Option<&str>, &str),
    (from, to): (&str, &str),
    only: Option<&str>,
    minutes: i64,
) -> Text {
    let (hours, rest) = (minutes / 60, minutes % 60);
    let (who_zh, who) = name.map_or_else(
        || (format!("志愿者(编号 {volunteer_no})"), format!("volunteer {volunteer_no}")),
        |name| (format!("{name}(志愿者编号 {volunteer_no})"), format!("{name} (volunteer {volunteer_no})")),
    );
    let at_zh = only.map(|only| format!("参加{only}组织的")).unwrap_or_else(|| "参加".to_owned());
    let at = only.map(|only| format!(" with {only}")).unwrap_or_default();
    Text::of(
        format!(
            "兹证明{who_zh}于 {from} 至 {to} {at_zh}志愿服务，经确认的服务时间共 {hours} 小时 {rest} 分钟。"
        ),
        format!(
            "This is to certify that {who} served as a volunteer{at} between {from} and {to}; the confirmed time of service is \
             {hours} h {rest} min."
        ),
    )
}

#[cfg(test)]
mod tests {
    use shared::i18n::Lang;

    use super::*;

    #[test]
    fn a_certificate_names_its_holder_only_while_they_are_registered() {
        let days = ("2026-01-01", "2026-11-24");
        let named = statement((Some("张*"), "V1"), days, Some("样例队"), 125);
        assert!(
            named.in_lang(Lang::Zh).contains("张*(志愿者编号 V1)")
                && named.in_lang(Lang::Zh).contains("参加样例队组织的志愿服务")
                && named.in_lang(Lang::Zh).contains("2 小时 5 分钟")
        );
        let unnamed = statement((None, "V1"), days, None, 60);
        assert!(unnamed.in_lang(Lang::En).contains("that volunteer V1 served"));
    }
}
