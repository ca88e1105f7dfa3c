//! Whoever has the public key checks a certificate without the service.

use ed25519_compact::{PublicKey, Signature};
use serde_json::{Value, json};

use super::{
    Corner,
    certificates::{certified, checked, served},
};

fn decoded(text: &str) -> Vec<u8> {
    let mut bits = 0_u32;
    let (mut bytes, mut kept) = (Vec::new(), 0);
    for character in text.bytes() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let value = alphabet.iter().position(|known| *known == character).expect("no base64url");
        bits = bits << 6 | u32::try_from(value).unwrap();
        kept += 6;
        if kept >= 8 {
            kept -= 8;
            bytes.push(u8::try_from(bits >> kept & 0xff).unwrap());
        }
    }
    bytes
}

/// The claims of a JWS (RFC 7515), where one of these keys (RFC 8037) signed it.
fn opened(jws: &str, keys: &Value) -> Option<Value> {
    let (signed, signature) = jws.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header: Value = serde_json::from_slice(&decoded(header)).ok()?;
    assert_eq!((&header["alg"], &header["typ"]), (&json!("EdDSA"), &json!("JWT")));
    let key = keys["keys"].as_array()?.iter().find(|key| key["kid"] == header["kid"])?;
    let members = ["kty", "crv", "alg", "use"].map(|member| key[member].as_str().unwrap());
    assert_eq!(members, ["OKP", "Ed25519", "EdDSA", "sig"]);
    let key = PublicKey::from_slice(&decoded(key["x"].as_str()?)).ok()?;
    let signature = Signature::from_slice(&decoded(signature)).ok()?;
    key.verify(signed, &signature).ok()?;
    serde_json::from_slice(&decoded(claims)).ok()
}

/// The keys, from where a certificate says that they are.
fn keys(corner: &Corner<'_>) -> Value {
    let answer = corner.server.get("/.well-known/volunteer-certificate-keys.json").send();
    assert!(matches!(answer.status, 302 | 307), "{answer:?}");
    let answer = corner.server.get(answer.header("location").unwrap()).send();
    assert_eq!(answer.header("cache-control"), Some("public, max-age=3600"));
    let tag = answer.header("etag").unwrap().to_owned();
    let again = corner.get("certificate-keys").header("if-none-match", &tag).send();
    assert_eq!(again.status, 304);
    answer.expect(200)
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn whoever_has_the_public_key_checks_what_a_certificate_says() {
    let corner = Corner::shared();
    let who = served(&corner, 75);
    let code = certified(&corner, &who);
    let keys = keys(&corner);
    let public = checked(&corner, &code);
    let whole = corner.get(&format!("certificates/{code}")).bearer(&who.token).send().expect(200);
    for shown in [public, whole] {
        let claims = opened(shown["jws"].as_str().unwrap(), &keys).unwrap();
        assert_eq!(claims["iss"], "minzheng/volunteer");
        assert_eq!((&claims["sub"], &claims["jti"]), (&json!(who.no), &json!(code)));
        assert!(claims["iat"].is_i64() && claims.get("exp").is_none(), "{claims}");
        for (field, said) in claims["certificate"].as_object().unwrap() {
            assert_eq!(shown[field], *said, "{field}");
        }
        let fields = claims["certificate"].as_object().unwrap();
        let members = [
            "number",
            "name",
            "volunteer_no",
            "from",
            "to",
            "total_minutes",
            "services",
            "issued_on",
            "sample",
        ];
        assert!(members.iter().all(|member| fields.contains_key(*member)), "{claims}");
    }
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn no_byte_of_it_can_be_changed() {
    let corner = Corner::shared();
    let code = certified(&corner, &served(&corner, 75));
    let keys = keys(&corner);
    let jws = checked(&corner, &code)["jws"].as_str().unwrap().to_owned();
    assert!(opened(&jws, &keys).is_some());
    let signature = jws.rfind('.').unwrap();
    let claims = jws.find('.').unwrap() + 1;
    for at in (claims..signature).step_by(7).chain(signature + 1..jws.len() - 1) {
        let mut changed = jws.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(opened(&changed, &keys), None, "byte {at}");
    }
    let other =
        checked(&corner, &certified(&corner, &served(&corner, 5)))["jws"].as_str().unwrap().to_owned();
    let swapped = format!("{}{}", &other[..other.rfind('.').unwrap()], &jws[signature..]);
    assert_eq!(opened(&swapped, &keys), None);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn a_certificate_holds_after_its_holder_left_and_names_nobody() {
    let corner = Corner::shared();
    let who = served(&corner, 75);
    let code = certified(&corner, &who);
    let before = checked(&corner, &code);
    corner.leaves(&who);
    let after = checked(&corner, &code);
    assert_eq!((&after["status"], &after["name"]), (&json!("valid"), &Value::Null));
    for field in ["number", "total_minutes", "services", "volunteer_no", "from", "to", "issued_on"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert!(after["statement_zh"].as_str().unwrap().starts_with("兹证明志愿者(编号"), "{after}");
    let claims = opened(after["jws"].as_str().unwrap(), &keys(&corner)).unwrap();
    assert_eq!(
        (&claims["certificate"]["name"], &claims["certificate"]["total_minutes"]),
        (&Value::Null, &json!(75))
    );
    let with_token = corner.get(&format!("certificates/{code}")).bearer(&who.token).send();
    assert_eq!(with_token.expect(200)["name"], Value::Null);
}
