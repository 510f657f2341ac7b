//! Several requests under way at once, until they are answered or their work is cancelled.

use std::{collections::VecDeque, pin::Pin};

use platform::Work;
use schema::{Error, Result};

/// Answers that are waited for, in the order of their requests, a bounded number of them.
pub(crate) struct Window<T = ()> {
    most: usize,
    waiting: VecDeque<Pin<Box<dyn Future<Output = Result<T>> + Send>>>,
}

impl<T> Window<T> {
    /// One for so many answers.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, waiting: VecDeque::new() }
    }

    /// Whether no further answer may be added.
    pub(crate) fn is_full(&self) -> bool {
        self.waiting.len() >= self.most
    }

    /// Adds an answer.
    pub(crate) fn push(&mut self, answer: impl Future<Output = Result<T>> + Send + 'static) {
        self.waiting.push_back(Box::pin(answer));
    }

    /// Waits for the oldest answer.
    pub(crate) async fn next(&mut self) -> Option<Result<T>> {
        Some(self.waiting.pop_front()?.await)
    }
}

impl Window {
    /// Adds an answer, after the oldest one if it is full.
    pub(crate) async fn add(
        &mut self,
        answer: impl Future<Output = Result<()>> + Send + 'static,
    ) -> Result<()> {
        if self.is_full() {
            self.next().await.transpose()?;
        }
        self.push(answer);
        Ok(())
    }

    /// Waits for all answers.
    pub(crate) async fn drain(&mut self) -> Result<()> {
        while let Some(answer) = self.next().await {
            answer?;
        }
        Ok(())
    }
}

/// What the future returns, or the error of cancelled work: also while nothing is received.
pub(crate) async fn or_stopped<T>(work: &Work, done: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        biased;
        () = work.stopped() => Err(Error::cancelled()),
        done = done => done,
    }
}
