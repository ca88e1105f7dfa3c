//! Prints the function's OpenAPI document; `minzheng openapi` keeps it in `tests/openapi/`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", volunteer::openapi::document().to_pretty_json()?);
    Ok(())
}
