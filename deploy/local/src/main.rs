//! `minzheng`: see the library.
fn main() -> std::process::ExitCode {
    minzheng::main()
}
