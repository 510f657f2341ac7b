//! Which request goes where.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderValue, Method, Uri, header},
    middleware,
    routing::{get, post},
};
use tower_http::cors::CorsLayer;

use super::{
    chat, completions, guard, models,
    shared::{LARGEST_REQUEST, Service},
};
use crate::openai::ApiError;

/// The routes. Pages of the allowed origins may use them.
pub(crate) fn router(service: Service, allowed_origins: Vec<HeaderValue>) -> Router {
    let cors = (!allowed_origins.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(allowed_origins)
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
    });
    let router = Router::new()
        .route("/v1/models", get(models::list))
        .route("/v1/models/{*name}", get(models::show))
        .route("/v1/chat/completions", post(chat::complete))
        .route("/v1/completions", post(completions::complete))
        .fallback(|uri: Uri| async move { ApiError::no_route(uri.path()) })
        .method_not_allowed_fallback(|| async { ApiError::no_method() })
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .layer(middleware::from_fn_with_state(service.clone(), guard::check))
        .with_state(service);
    // Browsers ask without a key whether a page may ask.
    match cors {
        Some(cors) => router.layer(cors),
        None => router,
    }
}
