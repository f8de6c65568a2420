namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>The actions of the dialog, which gRPC and the pages call alike.</summary>
public sealed record DialogActions(StartConsent Start, FinishConsent Finish, GetChallenge Get, SubmitDecision Submit);
