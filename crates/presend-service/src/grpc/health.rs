//! gRPC's health checking protocol.

use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::watch;
use tonic::{Request, Response, Status};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_server::Health;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use super::proto::presend_server::SERVICE_NAME;
use crate::http::{App, stopped};
use crate::problem::Problem;

/// Says that the service serves until it stops. It tells by the same sign as everything that stops, so that nobody who
/// watches holds a stop up, which the ready-made reporter of `tonic-health` would let them.
pub(super) struct Watched {
    stopping: watch::Receiver<bool>,
}

impl Watched {
    pub(super) fn new(app: &Arc<App>) -> Self {
        Self { stopping: app.stopping.clone() }
    }

    /// `None` where there is no such service; the empty name is the whole server.
    fn of(&self, service: &str) -> Option<ServingStatus> {
        let now = if *self.stopping.borrow() { ServingStatus::NotServing } else { ServingStatus::Serving };
        matches!(service, "" | SERVICE_NAME).then_some(now)
    }
}

fn response(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse { status: status.into() }
}

#[tonic::async_trait]
impl Health for Watched {
    type WatchStream = BoxStream<'static, Result<HealthCheckResponse, Status>>;

    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        let missing = || Status::not_found("There is no such service; ask for presend.v1.Presend.");
        let status = self.of(&request.get_ref().service).ok_or_else(missing)?;
        Ok(Response::new(response(status)))
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let now = self.of(&request.get_ref().service);
        let then = now.map_or(ServingStatus::ServiceUnknown, |_| ServingStatus::NotServing);
        let mut stopping = self.stopping.clone();
        let later = async move {
            stopped(&mut stopping).await;
            stream::iter([Ok(response(then)), Err(gone())])
        };
        let first = stream::iter([Ok(response(now.unwrap_or(ServingStatus::ServiceUnknown)))]);
        Ok(Response::new(first.chain(stream::once(later).flatten()).boxed()))
    }
}

fn gone() -> Status {
    Problem::stopping().into()
}
