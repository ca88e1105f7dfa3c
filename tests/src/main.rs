//! `minzheng`, built for the end-to-end tests beside them.
fn main() -> std::process::ExitCode {
    minzheng::main()
}
