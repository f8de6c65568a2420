using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Pltfrms.Iam.Client.AspNetCore.Authentication;

/// <summary>Answers 503 where a handler asked and nobody could decide; in services that use ASP.NET Core's exception handler.</summary>
internal sealed class OutageHandler(RefusalAnswer answer, IOptionsMonitor<IamAuthenticationOptions> options) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not IamUnavailableException)
        {
            return false;
        }
        await answer.WriteAsync(httpContext, Refusal.Outage, options.Get(IamAuthenticationOptions.DefaultScheme));
        return true;
    }
}
