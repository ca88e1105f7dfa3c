//! Files for the component: plain and packed, with a name for their content.

use std::{error::Error, fs, io::Write as _, path::Path};

use flate2::{Compression, write::GzEncoder};

/// FNV-1a, 64 bits, in hexadecimal: tells versions apart, and is no secret.
pub(crate) fn hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let bytes = parts.into_iter().flat_map(|part| part.iter().chain(&[0]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// Writes `name` and `name.gz` into `out`; returns the Rust expression of the `File`.
pub(crate) fn write(out: &Path, name: &str, kind: &str, text: &str) -> Result<String, Box<dyn Error>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(text.as_bytes())?;
    fs::write(out.join(name), text)?;
    fs::write(out.join(format!("{name}.gz")), packed.finish()?)?;
    let tag = format!("W/\"{}\"", hash([text.as_bytes()]));
    Ok(format!(
        "File {{ kind: {kind:?}, etag: {tag:?}, \
         plain: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\")), \
         gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.gz\")) }}"
    ))
}
