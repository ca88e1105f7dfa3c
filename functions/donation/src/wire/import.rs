use serde::Serialize;
use shared::i18n::Lang;
use utoipa::ToSchema;

use crate::domain::RowFault;

/// 导入结果 · What an import did, or with `dry_run` would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Imported {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Rows of the file.
    pub rows: usize,
    /// Points that were not there before.
    pub created: i64,
    /// Points that were.
    pub updated: i64,
    /// Every fault of the file; of an import that was done there are none.
    pub faults: Vec<ImportFault>,
}

/// 导入错误 · One faulty cell or row.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportFault {
    /// The line of the file, from 1.
    pub line: u64,
    /// The column, as the file's header names it; empty where the whole row is at fault.
    pub column: String,
    /// A stable code.
    pub code: &'static str,
    /// 错在哪里 · What is wrong.
    pub message: String,
}

impl ImportFault {
    /// A fault in one language.
    #[must_use]
    pub fn new(fault: &RowFault, lang: Lang) -> Self {
        Self {
            line: fault.line,
            column: fault.column.clone(),
            code: fault.code,
            message: fault.message.in_lang(lang).to_owned(),
        }
    }
}
