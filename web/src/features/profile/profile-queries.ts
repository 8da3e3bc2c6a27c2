import { queryOptions } from "@tanstack/react-query";
import { api } from "../../api/client";

export const devicesQuery = queryOptions({ queryKey: ["me", "devices"], queryFn: api.myDevices });
