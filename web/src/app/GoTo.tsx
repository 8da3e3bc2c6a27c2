import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/** Goes to another page, once: the router's own Navigate goes again at every render and so never arrives. */
export function GoTo({ href }: { href: string }) {
  const navigate = useNavigate();
  const [first] = useState(href);
  useEffect(() => void navigate({ href: first, replace: true }), [navigate, first]);
  return null;
}
