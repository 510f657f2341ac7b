import { Button, EmptyState } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

export function NotFound() {
  return (
    <EmptyState
      m="xl"
      icon={<IconMapOff />}
      title="There is no such page"
      description="The link may be from another version of the studio."
    >
      <EmptyState.Actions>
        <Button renderRoot={(props) => <Link to="/" {...props} />}>Go to Home</Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
