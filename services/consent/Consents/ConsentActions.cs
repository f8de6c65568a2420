using Pltfrms.Iam.Consent.Receipts;

namespace Pltfrms.Iam.Consent.Consents;

/// <summary>The actions on recorded decisions, which gRPC and the pages call alike.</summary>
public sealed record ConsentActions(
    ListConsents List, ChangeConsent Change, RevokeConsents Revoke, ListApplications Applications, ListReceipts Receipts);
