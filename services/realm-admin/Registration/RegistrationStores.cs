namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>The tables that only registration has.</summary>
public sealed record RegistrationStores(InitialAccessTokenStore Tokens, RegistrationStore Registrations);
