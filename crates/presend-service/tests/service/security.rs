//! Who may ask, how often, from where, and over what.

use std::sync::Arc;
use std::time::Duration;

use crate::common::tls::{authority, certificate, client, serving, write};
use crate::common::{Answer, Running, collect, config, exchange, start};
use axum::body::Body;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use tokio::io::AsyncReadExt as _;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

const JSON: (&str, &str) = ("content-type", "application/json");

async fn check(running: &Running, headers: &[(&str, &str)]) -> Answer {
    let headers: Vec<_> = headers.iter().copied().chain([JSON]).collect();
    running.send("POST", "/v1/check", &headers, Body::from(r#"{"text":"fine"}"#)).await
}

#[tokio::test]
async fn keys_and_tokens_let_in() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let keys = file("keys", format!("ward:{abc}\n"));
    let pair = Ed25519KeyPair::from_seed_unchecked(&[3; 32]).unwrap();
    let encode = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    let x = encode(pair.public_key().as_ref());
    let set = file("jwks", format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}]}}"#));
    let audit = dir.path().join("audit.jsonl");
    let running = start(&[
        ("auth.keys_file", &keys),
        ("auth.jwks_file", &set),
        ("auth.issuer", "trust"),
        ("auth.audience", "presend"),
        ("audit.file", audit.to_str().unwrap()),
    ])
    .await;
    let token = |seconds: i64| {
        let expires = jiff::Timestamp::now().as_second() + seconds;
        let claims = format!(r#"{{"iss":"trust","aud":"presend","sub":"nurse","exp":{expires}}}"#);
        let signed = format!("{}.{}", encode(br#"{"alg":"EdDSA"}"#), encode(claims.as_bytes()));
        format!("Bearer {signed}.{}", encode(pair.sign(signed.as_bytes()).as_ref()))
    };
    assert_eq!(check(&running, &[("authorization", "Bearer abc")]).await.status, 200);
    assert_eq!(check(&running, &[("x-api-key", "abc")]).await.status, 200);
    assert_eq!(check(&running, &[("authorization", &token(600))]).await.status, 200);
    let expired = check(&running, &[("authorization", &token(-600))]).await;
    assert_eq!((expired.status, expired.problem().as_str()), (401, "unauthorised"));
    assert!(expired.text().contains("expired"));
    let wrong = check(&running, &[("authorization", "Bearer abd")]).await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.header("www-authenticate").is_some() && !wrong.text().contains("abd"));
    assert_eq!(check(&running, &[]).await.status, 401);
    assert_eq!(check(&running, &[("authorization", "Basic abc")]).await.status, 401);
    for path in ["/v1/labels", "/v1/policies", "/metrics"] {
        assert_eq!(running.get(path).await.status, 401, "{path}");
    }
    for path in ["/healthz", "/readyz", "/openapi.json", "/docs"] {
        assert_eq!(running.get(path).await.status, 200, "{path}");
    }
    let record = std::fs::read_to_string(&audit).unwrap();
    assert!(record.contains(r#""caller":"key:ward""#) && record.contains(r#""caller":"token:nurse""#));
    assert_eq!(record.lines().count(), 3);
}

#[cfg(unix)]
#[tokio::test]
async fn a_hang_up_has_files_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let keys = write(&dir.path().join("keys"), format!("ward:{abc}\n"));
    let running =
        start(&[("auth.keys_file", &keys), ("server.reload_seconds", "86400"), ("limits.rate", "0")]).await;
    let key = [("authorization", "Bearer abc")];
    // An answer shows that it listens, and so that it waits for the signal, which would end the process otherwise.
    assert_eq!(check(&running, &key).await.status, 200);
    std::fs::write(&keys, format!("ward:{empty}\n")).unwrap();
    assert_eq!(check(&running, &key).await.status, 200, "nobody has told it yet");
    let process = std::process::id().to_string();
    assert!(std::process::Command::new("kill").args(["-HUP", &process]).status().unwrap().success());
    while check(&running, &key).await.status != 401 {}
}

#[tokio::test]
async fn a_caller_that_asks_too_often_is_told_when_to_come_back() {
    let running = start(&[("limits.rate", "1"), ("limits.burst", "2")]).await;
    assert_eq!(check(&running, &[]).await.status, 200);
    assert_eq!(check(&running, &[]).await.status, 200);
    let refused = check(&running, &[]).await;
    assert_eq!((refused.status, refused.problem().as_str()), (429, "too-many-requests"));
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(running.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn other_pages_and_foreign_names_are_kept_out() {
    let running = start(&[("server.origins", "https://mail.example.org")]).await;
    let evil = check(&running, &[("origin", "https://evil.example")]).await;
    assert_eq!((evil.status, evil.problem().as_str()), (403, "forbidden"));
    assert_eq!(evil.header("access-control-allow-origin"), None);
    assert_eq!(check(&running, &[("origin", "null")]).await.status, 403);
    let own = format!("http://{}", running.address);
    assert_eq!(check(&running, &[("origin", &own)]).await.status, 200);
    let known = check(&running, &[("origin", "https://mail.example.org")]).await;
    assert_eq!(known.status, 200);
    assert_eq!(known.header("access-control-allow-origin"), Some("https://mail.example.org"));
    let preflight = [("origin", "https://mail.example.org"), ("access-control-request-method", "POST")];
    let preflight = running.send("OPTIONS", "/v1/check", &preflight, Body::empty()).await;
    assert_eq!(
        (preflight.status, preflight.header("access-control-allow-methods")),
        (204, Some("GET, POST"))
    );
    let allowed = preflight.header("access-control-allow-headers").unwrap();
    assert!(
        ["authorization", "content-type", "traceparent", "x-api-key"]
            .iter()
            .all(|name| allowed.contains(name))
    );
    assert_eq!(known.header("access-control-expose-headers"), Some("retry-after"));
    let preflight = [("origin", "https://evil.example"), ("access-control-request-method", "POST")];
    let refused = running.send("OPTIONS", "/v1/check", &preflight, Body::empty()).await;
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (405, None));
    // A foreign name that was made to lead to this computer.
    assert_eq!(check(&running, &[("host", "evil.example")]).await.status, 403);
    assert_eq!(check(&running, &[("host", "localhost:1")]).await.status, 200);
}

async fn over(running: &Running, connector: &TlsConnector) -> Option<Answer> {
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = connector.connect(name, running.tcp().await).await.ok()?;
    // In TLS 1.3 a client's certificate is refused only after its own part is done.
    let mut nothing = [0; 1];
    let read = tokio::time::timeout(Duration::from_millis(300), stream.read(&mut nothing)).await;
    if read.is_ok() {
        return None;
    }
    let headers = [JSON];
    let body = Body::from(r#"{"text":"fine"}"#);
    Some(collect(exchange(stream, running.address, "POST", "/v1/check", &headers, body).await).await)
}

#[tokio::test]
async fn certificates_let_in_while_they_are_valid() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let (own, clients) = (authority("own"), authority("clients"));
    let [(_, certificate_file), (_, key_file)] = serving(dir.path(), &own);
    let audit = path("audit.jsonl");
    let running = start(&[
        ("tls.certificate", &certificate_file),
        ("tls.key", &key_file),
        ("tls.client_ca", &write(&path("clients.pem"), clients.pem())),
        ("audit.file", audit.to_str().unwrap()),
        ("server.reload_seconds", "1"),
    ])
    .await;
    let good = certificate("ward", &clients, false);
    assert_eq!(over(&running, &client(&own.pem(), Some(&good), "http/1.1")).await.unwrap().status, 200);
    assert!(std::fs::read_to_string(&audit).unwrap().contains(r#""caller":"certificate:"#));
    let expired = certificate("ward", &clients, true);
    assert!(over(&running, &client(&own.pem(), Some(&expired), "http/1.1")).await.is_none());
    let stranger = certificate("ward", &own, false);
    assert!(over(&running, &client(&own.pem(), Some(&stranger), "http/1.1")).await.is_none());
    assert!(over(&running, &client(&own.pem(), None, "http/1.1")).await.is_none());

    // A new certificate of another authority is taken up while the service runs, and a broken one is not.
    let other = authority("other");
    let (certificate_pem, key_pem) = certificate("localhost", &other, false);
    std::fs::write(path("own.key"), key_pem).unwrap();
    std::fs::write(path("own.pem"), certificate_pem).unwrap();
    while over(&running, &client(&other.pem(), Some(&good), "http/1.1")).await.is_none() {}
    std::fs::write(path("own.pem"), "broken").unwrap();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(over(&running, &client(&other.pem(), Some(&good), "http/1.1")).await.is_some());
}

#[tokio::test]
async fn http_2_is_spoken_with_and_without_tls() {
    use http_body_util::Full;
    use hyper::client::conn::http2;
    use hyper_util::rt::{TokioExecutor, TokioIo};

    async fn ask<S>(stream: S, address: std::net::SocketAddr, scheme: &str) -> u16
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    {
        let (mut sender, connection) =
            http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let request = hyper::Request::post(format!("{scheme}://localhost:{}/v1/check", address.port()))
            .header("content-type", "application/json")
            .body(Full::new(axum::body::Bytes::from_static(br#"{"text":"fine"}"#)))
            .unwrap();
        sender.send_request(request).await.unwrap().status().as_u16()
    }
    let running = start(&[]).await;
    assert_eq!(ask(running.tcp().await, running.address, "http").await, 200);

    let dir = tempfile::tempdir().unwrap();
    let own = authority("own");
    let settings = serving(dir.path(), &own);
    let running = start(&settings.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    let connector = client(&own.pem(), None, "h2");
    let stream =
        connector.connect(ServerName::try_from("localhost").unwrap(), running.tcp().await).await.unwrap();
    assert_eq!(ask(stream, running.address, "https").await, 200);
}

#[tokio::test]
async fn a_service_that_would_be_open_does_not_start() {
    let open = config(&[("server.listen", "0.0.0.0:0")]);
    let service = presend_service::Service::builder(Arc::new(presend::Engine::new())).start(&open).unwrap();
    let extras = presend_service::http::Extras::default();
    let error = presend_service::server::Server::bind(&open, service, &extras).await.unwrap_err();
    assert!(error.to_string().contains("auth.keys_file"));
}
