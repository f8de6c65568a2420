namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>What the token service's facade asks for.</summary>
public sealed record RegistrationActions(
    RegisterClient Register, ReadRegistration Read, UpdateRegistration Update, DeleteRegistration Delete, RecordClientUse RecordUse);
