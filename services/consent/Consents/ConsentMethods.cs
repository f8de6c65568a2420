namespace Pltfrms.Iam.Consent.Consents;

/// <summary>How decisions are made, as columns and the contract have it.</summary>
public static class ConsentMethods
{
    public const string LocalPage = "local_page";
    public const string JsonApi = "json_api";
    public const string Grpc = "grpc";
    public const string Remote = "remote";
    public const string SelfService = "self_service";
    public const string Administrator = "administrator";
}
