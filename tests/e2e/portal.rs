//! The pages.

use crate::server::Server;

#[test]
fn every_page_answers_in_both_languages_with_a_strict_policy() {
    let server = Server::shared();
    for path in [
        "/",
        "/marriage",
        "/marriage/appointment",
        "/marriage/waitlist",
        "/donation",
        "/donation/point",
        "/donation/pledge",
        "/donation/receipt",
        "/beds",
        "/beds/institution",
        "/beds/application",
        "/beds/alert",
        "/volunteer",
        "/volunteer/opportunity",
        "/volunteer/register",
        "/volunteer/me",
        "/volunteer/certificate",
    ] {
        for (language, tag) in [("zh-CN", "zh"), ("en", "en")] {
            let answer = server.get(path).header("accept-language", language).send();
            assert_eq!(answer.status, 200, "{path}");
            assert!(
                answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")),
                "{path}"
            );
            assert!(answer.text.contains(&format!("<html lang=\"{tag}")), "{path} in {language}");
            let policy = answer.header("content-security-policy").unwrap_or_default();
            assert!(policy.contains("default-src") && !policy.contains("unsafe-inline"), "{policy}");
        }
    }
}

#[test]
fn a_page_that_is_not_there_is_a_page_that_says_so() {
    let answer = Server::shared().get("/nothing").header("accept", "text/html").send();
    assert_eq!(answer.status, 404);
    assert!(answer.text.contains("<html"), "{answer:?}");
}
