// All pages of the console.
import type { Page } from "./page.ts";
import { channelPage } from "./pages/channel.ts";
import { domainPage } from "./pages/domain.ts";
import { domainsPage } from "./pages/domains.ts";
import { filePage } from "./pages/file.ts";
import { membershipPage } from "./pages/membership.ts";
import { peoplePage } from "./pages/people.ts";
import { personPage } from "./pages/person.ts";
import { policyPage } from "./pages/policy.ts";
import { rolePage } from "./pages/role.ts";
import { rolesPage } from "./pages/roles.ts";
import { versionPage } from "./pages/version.ts";

export const pages: readonly Page[] = [
  domainsPage,
  domainPage,
  policyPage,
  versionPage,
  filePage,
  channelPage,
  peoplePage,
  personPage,
  rolesPage,
  rolePage,
  membershipPage,
];
