//! The last plan of each kind, so that a start need not repeat the preflight that was just shown.

use std::sync::{Arc, Mutex, PoisonError};

use super::plan::{EvaluationPlan, Layout, TrainingPlan};
use crate::request::{EvaluationRequest, TrainingRequest};

/// The last layout of a training and of an evaluation. Cheap to clone; clones share the layouts.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlanCache {
    pub(super) training: LastLayout<TrainingRequest, TrainingPlan>,
    pub(super) evaluation: LastLayout<EvaluationRequest, EvaluationPlan>,
}

/// A layout, and the request that it is of.
#[derive(Debug)]
struct Planned<Request, Plan> {
    request: Request,
    layout: Layout<Plan>,
}

/// The last layout.
#[derive(Debug)]
pub(super) struct LastLayout<Request, Plan>(Arc<Mutex<Option<Planned<Request, Plan>>>>);

impl<Request: PartialEq, Plan> LastLayout<Request, Plan> {
    pub(super) fn put(&self, request: Request, layout: Layout<Plan>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Planned { request, layout });
    }

    /// Removes the layout, because the ids in it serve one run only. None if it is of another
    /// request.
    pub(super) fn take(&self, request: &Request) -> Option<Layout<Plan>> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        last.filter(|last| last.request == *request).map(|last| last.layout)
    }
}

impl<Request, Plan> Clone for LastLayout<Request, Plan> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<Request, Plan> Default for LastLayout<Request, Plan> {
    fn default() -> Self {
        Self(Arc::default())
    }
}
