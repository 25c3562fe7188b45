// All pages of the console.
import type { Page } from "./page.ts";
import { channelPage } from "./pages/channel.ts";
import { domainPage } from "./pages/domain.ts";
import { domainsPage } from "./pages/domains.ts";
import { filePage } from "./pages/file.ts";
import { policyPage } from "./pages/policy.ts";
import { versionPage } from "./pages/version.ts";

export const pages: readonly Page[] = [domainsPage, domainPage, policyPage, versionPage, filePage, channelPage];
