//! Refusals of the API, in the envelope of the gRPC gateway.

/// A refusal: the number of gRPC's status, from which the HTTP status follows, and a text.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: i32,
    pub(crate) message: String,
}

pub(crate) type Found<T> = Result<T, Refusal>;

impl Refusal {
    pub(crate) fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(3, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(5, message)
    }

    /// The HTTP status, by the rule of the gateway.
    pub(crate) fn status(&self) -> u16 {
        match self.code {
            3 | 9 | 11 => 400,
            16 => 401,
            7 => 403,
            5 => 404,
            6 | 10 => 409,
            8 => 429,
            12 => 501,
            14 => 503,
            4 => 504,
            // Reported of quotas, which have no number of their own.
            -409 => 409,
            _ => 500,
        }
    }
}
