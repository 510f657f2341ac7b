import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";

type Props = {
  filters: Record<string, string>;
  onFilter: (column: string, value: string | null) => void;
};

const states = [
  { column: "problems", value: "yes", label: "With problems" },
  { column: "used", value: "yes", label: "Used by others" },
  { column: "used", value: "no", label: "Not used" },
];

/** Filters a list by facts about its rows that are not columns. */
export function StateFilter({ filters, onFilter }: Props) {
  const on = states.filter(({ column, value }) => filters[column] === value);
  const said = on.map(({ label }) => label.toLowerCase()).join(", ");
  return (
    <Menu position="bottom-start" width={200}>
      <Menu.Target>
        <Tooltip label={said ? `Only rows ${said}` : "Filter by state"}>
          <ActionIcon
            variant={said ? "light" : "default"}
            size={30}
            aria-label={said ? `Filter by state: ${said}` : "Filter by state"}
          >
            <IconFilter size={15} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Show only</Menu.Label>
        {states.map(({ column, value, label }) => (
          <Menu.CheckboxItem
            key={label}
            checked={filters[column] === value}
            closeMenuOnClick
            onChange={(checked) => onFilter(column, checked ? value : null)}
          >
            {label}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
