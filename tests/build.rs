//! With `MINZHENG_URL` set, the tests run against that server: those that need a process of their own are ignored, and
//! the test runner counts them.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(another_server)");
    println!("cargo::rerun-if-env-changed=MINZHENG_URL");
    if std::env::var_os("MINZHENG_URL").is_some() {
        println!("cargo::rustc-cfg=another_server");
    }
}
