//! What every function's OpenAPI document has in common.

use utoipa::{
    Modify, PartialSchema as _, ToSchema as _,
    openapi::{
        ContentBuilder, Ref, RefOr, ResponseBuilder,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::problem::{ProblemBody, ProblemFault};

/// Adds the credentials, and the answer that every refusal has, to each operation.
pub struct Plumbing;

impl Modify for Plumbing {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.schemas.insert(ProblemBody::name().into_owned(), ProblemBody::schema());
        components.schemas.insert(ProblemFault::name().into_owned(), ProblemFault::schema());
        let bearer = |description, format| {
            let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(description));
            SecurityScheme::Http(match format {
                Some(format) => scheme.bearer_format(format).build(),
                None => scheme.build(),
            })
        };
        components.add_security_scheme(
            "capability",
            bearer("创建时给出一次的凭证 · The token given once when a thing is created.", None),
        );
        components
            .add_security_scheme("staff", bearer("工作人员的 JWT · A staff member's JWT.", Some("JWT")));
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(ProblemBody::name()))).build();
        let refusal = ResponseBuilder::new()
            .description("拒绝，原因见 code · A refusal; `code` says why (RFC 9457).")
            .content("application/problem+json", content)
            .build();
        let operations = document.paths.paths.values_mut().flat_map(|item| {
            [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch]
        });
        for operation in operations.flatten() {
            operation.responses.responses.insert("default".to_owned(), RefOr::T(refusal.clone()));
        }
    }
}
