// All pages of the console.
import type { Page } from "./page.ts";
import { accessPage } from "./pages/access.ts";
import { auditPage, domainAuditPage } from "./pages/audit.ts";
import { campaignPage } from "./pages/campaign.ts";
import { campaignSignPage } from "./pages/campaign-sign.ts";
import { campaignsPage } from "./pages/campaigns.ts";
import { channelPage } from "./pages/channel.ts";
import { decidePage } from "./pages/decide.ts";
import { domainPage } from "./pages/domain.ts";
import { domainsPage } from "./pages/domains.ts";
import { filePage } from "./pages/file.ts";
import { impactPage } from "./pages/impact.ts";
import { membershipPage } from "./pages/membership.ts";
import { peoplePage } from "./pages/people.ts";
import { personPage } from "./pages/person.ts";
import { policyPage } from "./pages/policy.ts";
import { reportPage } from "./pages/report.ts";
import { reviewPage } from "./pages/review.ts";
import { reviewsPage } from "./pages/reviews.ts";
import { rolePage } from "./pages/role.ts";
import { rolesPage } from "./pages/roles.ts";
import { sidecarPage } from "./pages/sidecar.ts";
import { sidecarsPage } from "./pages/sidecars.ts";
import { sourcePage } from "./pages/source.ts";
import { sourcesPage } from "./pages/sources.ts";
import { versionPage } from "./pages/version.ts";

export const pages: readonly Page[] = [
  domainsPage,
  domainPage,
  policyPage,
  versionPage,
  filePage,
  impactPage,
  channelPage,
  peoplePage,
  personPage,
  rolesPage,
  rolePage,
  membershipPage,
  campaignsPage,
  campaignPage,
  campaignSignPage,
  reviewsPage,
  reviewPage,
  sourcesPage,
  sourcePage,
  sidecarsPage,
  sidecarPage,
  decidePage,
  accessPage,
  domainAuditPage,
  auditPage,
  reportPage,
];
