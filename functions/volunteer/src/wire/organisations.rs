use serde::{Deserialize, Serialize};
use shared::{
    divisions::DivisionCode,
    input::{Object, boolean, division_code, integer, lines, phone, slug, text},
};
use utoipa::ToSchema;

/// 志愿服务组织 · An organisation that volunteers serve with.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Organisation {
    /// Its id.
    pub id: String,
    /// 名称 · Name.
    pub name: String,
    /// GB/T 2260 division code.
    #[schema(value_type = String, example = "310104")]
    pub division_code: DivisionCode,
    /// 电话 · Telephone.
    pub phone: String,
    /// 简介 · What it does.
    pub about: String,
    /// 样例数据 · Sample data: this organisation is made up.
    pub sample: bool,
}

/// What `PUT /organisations/{id}` takes.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the input")]
pub struct OrganisationInput {
    /// 名称 · Name.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    /// GB/T 2260 division code.
    #[schema(example = "310104")]
    division_code: String,
    /// 电话 · Telephone.
    phone: String,
    /// 简介 · What it does.
    #[schema(max_length = 1000, nullable = false)]
    about: Option<String>,
    /// 样例数据 · Sample data: it is made up.
    #[schema(nullable = false)]
    sample: Option<bool>,
}

/// Reads the body of `PUT /organisations/{id}`.
pub fn read_organisation(id: &str, o: &Object<'_>) -> Option<Organisation> {
    let name = o.required("name", text(1..=80));
    let division_code = o.required("division_code", division_code);
    let phone = o.required("phone", phone);
    let about = o.optional("about", lines(1..=1_000));
    let sample = o.optional("sample", boolean);
    Some(Organisation {
        id: id.to_owned(),
        name: name?,
        division_code: division_code?,
        phone: phone?,
        about: about?.unwrap_or_default(),
        sample: sample?.unwrap_or_default(),
    })
}

/// 志愿服务组织一览 · Organisations.
#[derive(Debug, Serialize, ToSchema)]
pub struct Organisations {
    /// By id.
    pub items: Vec<Organisation>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

/// What `GET /organisations` is asked for.
pub struct OrganisationsQuery {
    /// In this division.
    pub division: Option<DivisionCode>,
    /// With this in the name.
    pub text: String,
    /// Behind this id.
    pub cursor: String,
    /// How many.
    pub limit: i64,
}

impl OrganisationsQuery {
    /// Reads the query.
    pub fn read(q: &Object<'_>) -> Option<Self> {
        let division = q.optional("division_code", division_code);
        let text = q.optional("q", text(1..=100));
        let cursor = q.optional("cursor", slug);
        let limit = q.optional("limit", integer(1..=100));
        Some(Self {
            division: division?,
            text: text?.unwrap_or_default(),
            cursor: cursor?.unwrap_or_default(),
            limit: limit?.unwrap_or(20),
        })
    }
}
