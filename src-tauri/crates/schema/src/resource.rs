//! The declaration of resources.

use serde::{Serialize, de::DeserializeOwned};

use crate::{ColumnType, Id, Kind, Table, TableName};

/// A kind of row that users manage, declared with `resource!`.
pub trait Resource:
    Serialize + DeserializeOwned + Default + Clone + PartialEq + Send + Sync + Sized + 'static
{
    /// Its table.
    const NAME: TableName;
    /// Its description.
    const TABLE: &'static Table;
}

impl<T: Resource> ColumnType for Option<Id<T>> {
    const KIND: Kind = Kind::Reference { table: T::NAME };
}

/// Declares a resource. The documentation of this crate shows the expansion.
#[macro_export]
macro_rules! resource {
    (
        $(#[doc = $about:literal])+
        pub struct $name:ident {
            table: $table:ident, since: $since:literal, message: $message:expr,
            group: $group:ident, icon: $icon:literal,
            singular: $singular:literal, plural: $plural:literal, title: $title:literal,
            label: $label:expr,
            $(label_references: [$($label_reference:expr),+ $(,)?],)?
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
                label_references: &[$($(&$label_reference),+)?],
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
