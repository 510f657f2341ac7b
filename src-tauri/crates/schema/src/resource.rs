//! The declaration of a resource.

use serde::{Serialize, de::DeserializeOwned};

use super::Table;
use crate::TableName;

/// A kind of row a user manages, declared by `resource!`.
pub trait Resource:
    Serialize + DeserializeOwned + Default + Clone + PartialEq + Send + Sync + Sized + 'static
{
    /// Its table.
    const NAME: TableName;
    /// Its description.
    const TABLE: &'static Table;
}

/// Declares a resource; the module's documentation shows what it expands to.
#[macro_export]
macro_rules! resource {
    (
        $(#[doc = $about:literal])+
        pub struct $name:ident {
            table: $table:ident, since: $since:literal, message: $message:expr,
            group: $group:ident, icon: $icon:literal,
            singular: $singular:literal, plural: $plural:literal, title: $title:literal,
            label: $label:expr,
        }
        columns {
            $(
                $(#[doc = $help:literal])+
                $column:ident : $type:ty => $words:literal $(. $option:ident ( $($argument:expr),* ))*,
            )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $(
                $(#[doc = $help])+
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $column: $type,
            )+
        }

        impl $crate::Resource for $name {
            const NAME: $crate::TableName = $crate::TableName::$table;
            const TABLE: &'static $crate::Table = &$crate::Table {
                name: Self::NAME,
                singular: $singular,
                plural: $plural,
                title: $title,
                about: concat!($($about),+),
                label: &$label,
                type_name: stringify!($name),
                since: $since,
                message: $message,
                group: $crate::NavigationGroup::$group,
                icon: $icon,
                columns: &[
                    $(
                        $crate::Column::new(
                            stringify!($column),
                            concat!($($help),+),
                            $words,
                            <$type as $crate::ColumnType>::KIND,
                        )
                        $(.$option($($argument),*))*,
                    )+
                ],
                rules: $crate::ErasedRules::new::<$name>(),
            };
        }
    };
}
