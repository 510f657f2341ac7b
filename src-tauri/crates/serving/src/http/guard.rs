//! Who may ask: requests to this host, with the key.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::shared::{Access, Service};
use crate::openai::ApiError;

/// Refuses requests to other hosts, and those without the key.
pub(crate) async fn check(State(service): State<Service>, request: Request, next: Next) -> Response {
    let host = request.uri().authority().map(ToString::to_string);
    let host = host.or_else(|| text(request.headers(), header::HOST)).unwrap_or_default();
    if !is_own(&host, &service.access) {
        return ApiError::wrong_host(&host).into_response();
    }
    let key = text(request.headers(), header::AUTHORIZATION).unwrap_or_default();
    let (scheme, key) = key.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") || !service.access.is_key(key.trim()) {
        return ApiError::unauthorized().into_response();
    }
    next.run(request).await
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Whether a request is meant for this endpoint. A page of the web can have its own name lead to this machine,
/// but not an address; so names are refused, and on a loopback address those of other interfaces too.
fn is_own(host: &str, access: &Access) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    address.is_ok_and(|address| address.is_loopback() || !access.address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Key;

    #[test]
    fn names_that_lead_here_are_not_this_host() {
        let own = Access::new(&Key::new(), IpAddr::from([127, 0, 0, 1]));
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8080", "[::1]:8080", "[::1]"] {
            assert!(is_own(host, &own), "{host}");
        }
        for host in ["", "example.org", "127.0.0.1.example.org:80", "localhost.example.org", "192.168.0.7:80"]
        {
            assert!(!is_own(host, &own), "{host}");
        }
        let open = Access::new(&Key::new(), IpAddr::from([0, 0, 0, 0]));
        assert!(is_own("192.168.0.7:80", &open));
        assert!(!is_own("example.org", &open));
    }
}
