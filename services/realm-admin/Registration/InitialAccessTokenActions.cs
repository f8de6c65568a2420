namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>What administrators do with initial access tokens.</summary>
public sealed record InitialAccessTokenActions(CreateInitialAccessToken Create, ListInitialAccessTokens List, DeleteInitialAccessToken Delete);
