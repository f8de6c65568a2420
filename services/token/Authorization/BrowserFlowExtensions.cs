using Microsoft.Extensions.DependencyInjection.Extensions;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Token.Account;
using Pltfrms.Iam.Token.Conformance;
using Pltfrms.Iam.Token.Consent;
using Pltfrms.Iam.Token.Devices;
using Pltfrms.Iam.Token.Login;
using Pltfrms.Iam.Token.Sessions;
using Pltfrms.Iam.Token.Upstream;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Everything that has a browser and a user: authorization, devices, sessions, logins here and elsewhere, and users' own pages.</summary>
internal static class BrowserFlowExtensions
{
    public static void AddBrowserFlows(this IServiceCollection services)
    {
        AddAuthorization(services);
        AddUpstream(services);
    }

    private static void AddUpstream(IServiceCollection services)
    {
        services.TryAddSingleton<IUpstreamUsers>(s => new GrpcUpstreamUsers(s.GetRequiredService<PeerChannels>().Invoker(ServiceNames.RealmAdmin)));
        services.AddSingleton<ProviderHttp>();
        services.AddSingleton<UpstreamProviders>();
        services.AddSingleton<UpstreamStates>();
        services.AddSingleton<UpstreamRequests>();
        services.AddSingleton<IdTokens>();
        services.AddSingleton<CodeExchange>();
        services.AddSingleton<UpstreamLogin>();
        services.AddSingleton<UpstreamFlow>();
        services.AddSingleton<UpstreamCallbackEndpoint>();
    }

    private static void AddAuthorization(IServiceCollection services)
    {
        services.TryAddSingleton<IUserConsent>(s => new GrpcUserConsent(s.GetRequiredService<PeerChannels>().Invoker(ServiceNames.Consent)));
        services.AddSingleton<AuthorizationStore>();
        services.AddSingleton<Authorizations>();
        services.AddSingleton<PushedRequests>();
        services.AddSingleton<RequestObjects>();
        services.AddSingleton<AuthorizationRequests>();
        services.AddSingleton<AskConsent>();
        services.AddSingleton<IssueCode>();
        services.AddSingleton<AccountVisits>();
        services.AddSingleton<ApplicationsEndpoint>();
        services.AddSingleton<AuthorizationFlow>();
        services.AddSingleton<FlowWriter>();
        services.AddSingleton<AuthorizationSteps>();
        services.AddSingleton<AuthorizeEndpoint>();
        services.AddSingleton<ResumeEndpoint>();
        services.AddSingleton<BrowserRoutes>();
        services.AddSingleton<ReportConformance>();
        services.AddSingleton<ConformanceGrpcService>();
        services.AddSingleton<ConformanceEndpoint>();
        services.AddSingleton<DeviceAuthorizationStore>();
        services.AddSingleton<AnswerDevice>();
        services.AddSingleton<WaitingDevices>();
        services.AddSingleton<DeviceForms>();
        services.AddSingleton<DeviceEndpoint>();
        services.AddSingleton<LoginSessionStore>();
        services.AddSingleton<LoginSessions>();
        services.AddSingleton<BrowserCookies>();
        services.AddSingleton<LogoutEndpoint>();
        services.AddSingleton<DevelopmentLogin>();
        services.AddSingleton<LoginStart>();
        services.AddSingleton<LoginChallenges>();
        services.AddSingleton<CustomLogin>();
        services.AddSingleton<InteractionGrpcService>();
        services.AddSingleton<OrganizationEndpoint>();
        services.AddSingleton<CompleteLogin>();
        services.AddSingleton<LoginEndpoint>();
    }
}
