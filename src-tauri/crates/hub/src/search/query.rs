//! The address of a search (<https://huggingface.co/docs/hub/api>).

use url::{Url, form_urlencoded::Serializer};

use super::request::{LARGEST_PAGE, SearchRequest, SearchSort};
use crate::HubKind;

/// The properties of a model that are asked for. The Hub refuses those that it does not know.
const MODEL: [&str; 9] = [
    "downloads",
    "gated",
    "gguf",
    "lastModified",
    "library_name",
    "likes",
    "pipeline_tag",
    "private",
    "safetensors",
];
/// The properties of a dataset that are asked for.
const DATASET: [&str; 6] = ["downloads", "gated", "lastModified", "likes", "mainSize", "private"];

/// A request as the Hub's parameters.
pub(super) struct Query<'a>(pub(super) &'a SearchRequest);

impl Query<'_> {
    pub(super) fn address(&self, endpoint: &str) -> String {
        let request = self.0;
        let mut query = Serializer::new(String::new());
        if !request.text.trim().is_empty() {
            query.append_pair("search", request.text.trim());
        }
        for tag in self.tags() {
            query.append_pair("filter", &tag);
        }
        if let (HubKind::Model, Some(task)) = (request.kind, filled(request.task.as_deref())) {
            query.append_pair("pipeline_tag", task);
        }
        if let Some(most) = request.parameters_max {
            query.append_pair("num_parameters", &format!("max:{}", whole_units(most)));
        }
        query.append_pair("sort", sort(request.sort));
        query.append_pair("limit", &request.limit.clamp(1, LARGEST_PAGE).to_string());
        let properties: &[&str] = if request.kind == HubKind::Model { &MODEL } else { &DATASET };
        for property in properties.iter().chain(&["tags"]) {
            query.append_pair("expand", property);
        }
        if let Some(after) = &request.after {
            query.append_pair("cursor", after);
        }
        format!("{endpoint}/api/{}s?{}", request.kind.into_str(), query.finish())
    }

    fn tags(&self) -> Vec<String> {
        let request = self.0;
        let task = filled(request.task.as_deref()).filter(|_| request.kind == HubKind::Dataset);
        let license = filled(request.license.as_deref());
        [
            task.map(|task| format!("task_categories:{task}")),
            license.map(|license| format!("license:{license}")),
            request.format.map(super::RepositoryFormat::tag),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn sort(sort: SearchSort) -> &'static str {
    match sort {
        SearchSort::Downloads => "downloads",
        SearchSort::Likes => "likes",
        SearchSort::Trending => "trendingScore",
        SearchSort::Newest => "createdAt",
    }
}

/// A number of parameters in the Hub's units, rounded up. What is above the exact number is left out later.
fn whole_units(parameters: u64) -> String {
    match parameters {
        0..1_000_000_000 => format!("{}M", parameters.div_ceil(1_000_000)),
        _ => format!("{}B", parameters.div_ceil(1_000_000_000)),
    }
}

/// The place of the next page in the address that the Hub gives for it. Only this is used of the address, so
/// a mirror may name the Hub that it copies.
pub(super) fn cursor(next: &str) -> Option<String> {
    let address = Url::parse(next).ok()?;
    address.query_pairs().find(|(name, _)| name == "cursor").map(|(_, cursor)| cursor.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RepositoryFormat;

    #[test]
    fn filters_are_the_parameters_that_the_hub_knows() {
        let mut request = SearchRequest::new(HubKind::Model, " tiny llama&x ");
        request.task = Some("text-generation".to_owned());
        request.license = Some("apache-2.0".to_owned());
        request.format = Some(RepositoryFormat::Gguf);
        request.parameters_max = Some(1_500_000_000);
        let address = Query(&request).address("https://hub.example");
        let wanted = "https://hub.example/api/models?search=tiny+llama%26x&filter=license%3Aapache-2.0&filter=gguf\
                      &pipeline_tag=text-generation&num_parameters=max%3A2B&sort=downloads&limit=30&expand=";
        assert!(address.starts_with(wanted), "{address}");

        let mut request = SearchRequest::new(HubKind::Dataset, "");
        request.task = Some("question-answering".to_owned());
        request.format = Some(RepositoryFormat::Parquet);
        request.sort = SearchSort::Newest;
        request.limit = 5_000;
        let address = Query(&request).address("https://hub.example");
        let wanted = "https://hub.example/api/datasets?filter=task_categories%3Aquestion-answering\
                      &filter=format%3Aparquet&sort=createdAt&limit=100&expand=";
        assert!(address.starts_with(wanted), "{address}");
    }

    #[test]
    fn a_cursor_is_taken_from_the_address_of_any_host() {
        assert_eq!(cursor("https://other/api/models?limit=2&cursor=a%3D%3D").as_deref(), Some("a=="));
        assert_eq!(cursor("https://other/api/models?limit=2"), None);
        assert_eq!(cursor("nonsense"), None);
    }
}
