import { Button, EmptyState } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

export function NotFound() {
  return (
    <EmptyState
      m="xl"
      icon={<IconMapOff />}
      title="This page does not exist"
      description="The link may come from another version of the program."
    >
      <EmptyState.Actions>
        <Button renderRoot={(props) => <Link to="/" {...props} />}>Go to Home</Button>
      </EmptyState.Actions>
    </EmptyState>
  );
}
